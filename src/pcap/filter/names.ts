/**
 * Names that a capture filter may use for numbers: protocols, services, byte
 * offsets and flags (pcap-filter(7)).
 *
 * Hosts and networks have no names here: nothing is looked up on the network
 * or on the machine, so that a filter means the same everywhere.
 *
 * @module
 */

/** Protocols of IP by number (IANA "Protocol Numbers"), by the names of `/etc/protocols`. */
export const IP_PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ["icmp", 1],
  ["igmp", 2],
  ["ipencap", 4],
  ["tcp", 6],
  ["egp", 8],
  ["igp", 9],
  ["udp", 17],
  ["dccp", 33],
  ["ipv6", 41],
  ["ipv6-route", 43],
  ["ipv6-frag", 44],
  ["rsvp", 46],
  ["gre", 47],
  ["esp", 50],
  ["ah", 51],
  ["ipv6-icmp", 58],
  ["ipv6-nonxt", 59],
  ["ipv6-opts", 60],
  ["eigrp", 88],
  ["ospf", 89],
  ["pim", 103],
  ["vrrp", 112],
  ["l2tp", 115],
  ["sctp", 132],
  ["udplite", 136],
]);

/** EtherTypes by name, for `ether proto \ip`. */
export const ETHER_TYPES: ReadonlyMap<string, number> = new Map([
  ["ip", 0x0800],
  ["arp", 0x0806],
  ["rarp", 0x8035],
  ["ip6", 0x86dd],
  ["loopback", 0x9000],
]);

/** A port with a name, and the protocols that it is registered for: `null` for more than one. */
export interface Service {
  readonly port: number;
  readonly only: "tcp" | "udp" | null;
}

const tcp = (port: number): Service => ({ port, only: "tcp" });
const udp = (port: number): Service => ({ port, only: "udp" });
const both = (port: number): Service => ({ port, only: null });

/** Well-known services, as Debian's `/etc/services` has them. */
export const SERVICES: ReadonlyMap<string, Service> = new Map([
  ["echo", both(7)],
  ["discard", both(9)],
  ["daytime", both(13)],
  ["chargen", both(19)],
  ["ftp-data", tcp(20)],
  ["ftp", tcp(21)],
  ["ssh", tcp(22)],
  ["telnet", tcp(23)],
  ["smtp", tcp(25)],
  ["time", both(37)],
  ["whois", tcp(43)],
  ["domain", both(53)],
  ["bootps", udp(67)],
  ["bootpc", udp(68)],
  ["tftp", udp(69)],
  ["finger", tcp(79)],
  ["http", tcp(80)],
  ["kerberos", both(88)],
  ["pop3", tcp(110)],
  ["sunrpc", both(111)],
  ["auth", tcp(113)],
  ["nntp", tcp(119)],
  ["ntp", udp(123)],
  ["imap2", tcp(143)],
  ["snmp", both(161)],
  ["snmp-trap", both(162)],
  ["bgp", tcp(179)],
  ["ldap", both(389)],
  ["https", both(443)],
  ["microsoft-ds", both(445)],
  ["submissions", tcp(465)],
  ["syslog", udp(514)],
  ["submission", tcp(587)],
  ["ldaps", both(636)],
  ["domain-s", both(853)],
  ["imaps", tcp(993)],
  ["pop3s", tcp(995)],
  ["mysql", tcp(3306)],
  ["postgresql", tcp(5432)],
  ["http-alt", both(8080)],
]);

/** Names that stand for a number in arithmetic. */
export const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ["tcpflags", 13],
  ["tcp-fin", 0x01],
  ["tcp-syn", 0x02],
  ["tcp-rst", 0x04],
  ["tcp-push", 0x08],
  ["tcp-ack", 0x10],
  ["tcp-urg", 0x20],
  ["tcp-ece", 0x40],
  ["tcp-cwr", 0x80],
  ["icmptype", 0],
  ["icmpcode", 1],
  ["icmp-echoreply", 0],
  ["icmp-unreach", 3],
  ["icmp-sourcequench", 4],
  ["icmp-redirect", 5],
  ["icmp-echo", 8],
  ["icmp-routeradvert", 9],
  ["icmp-routersolicit", 10],
  ["icmp-timxceed", 11],
  ["icmp-paramprob", 12],
  ["icmp-tstamp", 13],
  ["icmp-tstampreply", 14],
  ["icmp-ireq", 15],
  ["icmp-ireqreply", 16],
  ["icmp-maskreq", 17],
  ["icmp-maskreply", 18],
  ["icmp6type", 0],
  ["icmp6code", 1],
  ["icmp6-destinationunreach", 1],
  ["icmp6-packettoobig", 2],
  ["icmp6-timeexceeded", 3],
  ["icmp6-parameterproblem", 4],
  ["icmp6-echo", 128],
  ["icmp6-echoreply", 129],
  ["icmp6-multicastlistenerquery", 130],
  ["icmp6-multicastlistenerreportv1", 131],
  ["icmp6-multicastlistenerdone", 132],
  ["icmp6-routersolicit", 133],
  ["icmp6-routeradvert", 134],
  ["icmp6-neighborsolicit", 135],
  ["icmp6-neighboradvert", 136],
  ["icmp6-redirect", 137],
]);
