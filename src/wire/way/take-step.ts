/**
 * Which header stands where: the dispatch of the ways.
 *
 * @module
 */
import { ipv6ExtensionHeaderLen, isIpv6Extension, isIpv6Fragment } from "../ipv6-extension.ts";
import { LinkType } from "../linktype.ts";
import { EtherType, IpProtocol } from "../protocol.ts";
import { stepEthernet, stepFddi, stepIpOverFc, stepLlc, stepTokenRing } from "./ethernet.ts";
import { stepErspan, stepGre, stepWccp } from "./gre.ts";
import { stepGtp } from "./gtp.ts";
import { stepIcmp, stepIcmpv6 } from "./icmp.ts";
import {
  stepArcnet,
  stepArcnetLinux,
  stepEnc,
  stepFrameRelay,
  stepFrameRelayWithDir,
  stepIp1394,
  stepIpoib,
  stepJuniperEther,
  stepJuniperFrameRelay,
  stepJuniperHdlc,
  stepJuniperPpp,
  stepNetAnalyzer,
  stepNetAnalyzerRaw,
  stepNflog,
  stepPflog,
  stepPktap,
  stepPppWithDir,
} from "./links.ts";
import { stepMpls, stepMplsPayload } from "./mpls.ts";
import { stepCiscoHdlc, stepPpp, stepPppHdlc, stepPppoe } from "./ppp.ts";
import {
  stepBatadv,
  stepCmd,
  stepEtag,
  stepEtherIp,
  stepHsr,
  stepItag,
  stepTrill,
  stepVlan,
  stepVntag,
} from "./tags.ts";
import { stepAyiya, stepL2tp, stepLisp, stepTeredo, stepTzsp } from "./udp-tunnels.ts";
import { stepUdp } from "./udp.ts";
import { stepGeneve, stepNsh, stepVxlan, stepVxlanGpe } from "./vxlan.ts";
import {
  etherWay,
  goOn,
  ipByVersion,
  ipWay,
  isThere,
  linkWay,
  Way,
  type ReadStep,
  type Step,
} from "./way.ts";
import { stepPaddedWlan, stepPpi, stepPrism, stepRadiotap, stepWlan } from "./wlan.ts";

/** One table for all: what stands at a way, and how it is read. */
const STEPS: ReadonlyMap<Way, ReadStep> = new Map<Way, ReadStep>([
  [linkWay(LinkType.ETHERNET), stepEthernet],
  [linkWay(LinkType.IEEE802_5), stepTokenRing],
  [linkWay(LinkType.ARCNET), stepArcnet],
  [linkWay(LinkType.PPP), stepPppHdlc],
  [linkWay(LinkType.FDDI), stepFddi],
  [linkWay(LinkType.PPP_HDLC), stepPppHdlc],
  [linkWay(LinkType.PPP_ETHER), stepPppoe],
  [linkWay(LinkType.ATM_RFC1483), stepLlc],
  [linkWay(LinkType.RAW), stepRawIp],
  [linkWay(LinkType.RAW_BSD), stepRawIp],
  [linkWay(LinkType.RAW_OPENBSD), stepRawIp],
  [linkWay(LinkType.IPV4), stepRawIp],
  [linkWay(LinkType.IPV6), stepRawIp],
  [linkWay(LinkType.C_HDLC), stepCiscoHdlc],
  [linkWay(LinkType.IEEE802_11), stepWlan],
  [linkWay(LinkType.ATM_CLIP), stepRawIp],
  [linkWay(LinkType.FRELAY), stepFrameRelay],
  [linkWay(LinkType.ENC), stepEnc],
  [linkWay(LinkType.PFLOG), stepPflog],
  [linkWay(LinkType.IEEE802_11_PRISM), stepPrism],
  [linkWay(LinkType.IP_OVER_FC), stepIpOverFc],
  [linkWay(LinkType.IEEE802_11_RADIOTAP), stepRadiotap],
  [linkWay(LinkType.ARCNET_LINUX), stepArcnetLinux],
  [linkWay(LinkType.APPLE_IP_OVER_IEEE1394), stepIp1394],
  [linkWay(LinkType.IEEE802_11_AVS), stepPrism],
  [linkWay(LinkType.JUNIPER_ETHER), stepJuniperEther],
  [linkWay(LinkType.JUNIPER_PPP), stepJuniperPpp],
  [linkWay(LinkType.JUNIPER_FRELAY), stepJuniperFrameRelay],
  [linkWay(LinkType.JUNIPER_CHDLC), stepJuniperHdlc],
  [linkWay(LinkType.PPI), stepPpi],
  [linkWay(LinkType.PPP_WITH_DIR), stepPppWithDir],
  [linkWay(LinkType.FRELAY_WITH_DIR), stepFrameRelayWithDir],
  [linkWay(LinkType.NFLOG), stepNflog],
  [linkWay(LinkType.NETANALYZER), stepNetAnalyzer],
  [linkWay(LinkType.NETANALYZER_TRANSPARENT), stepNetAnalyzerRaw],
  [linkWay(LinkType.IPOIB), stepIpoib],
  [linkWay(LinkType.PKTAP), stepPktap],
  [etherWay(EtherType.VLAN), stepVlan],
  [etherWay(EtherType.QINQ), stepVlan],
  [etherWay(EtherType.QINQ_OLD), stepVlan],
  [etherWay(EtherType.MPLS), stepMpls],
  [etherWay(EtherType.MPLS_MULTICAST), stepMpls],
  [etherWay(EtherType.PPPOE), stepPppoe],
  [etherWay(EtherType.FRAME), stepEthernet],
  [etherWay(EtherType.JUMBO_LLC), stepLlc],
  [etherWay(EtherType.NSH), stepNsh],
  [etherWay(EtherType.ETAG), stepEtag],
  [etherWay(EtherType.VNTAG), stepVntag],
  [etherWay(EtherType.CISCO_METADATA), stepCmd],
  [etherWay(EtherType.ITAG), stepItag],
  [etherWay(EtherType.HSR), stepHsr],
  [etherWay(EtherType.TRILL), stepTrill],
  [etherWay(EtherType.BATADV), stepBatadv],
  [etherWay(EtherType.WLAN), stepWlan],
  [ipWay(IpProtocol.ICMP), stepIcmp],
  [ipWay(IpProtocol.ICMPV6), stepIcmpv6],
  [ipWay(IpProtocol.UDP), stepUdp],
  [ipWay(IpProtocol.UDP_LITE), stepUdp],
  [ipWay(IpProtocol.GRE), stepGre],
  [ipWay(IpProtocol.ETHERIP), stepEtherIp],
  [ipWay(IpProtocol.MPLS), stepMpls],
  [ipWay(IpProtocol.ETHERNET), stepEthernet],
  [Way.LLC, stepLlc],
  [Way.PPP, stepPpp],
  [Way.PPP_HDLC, stepPppHdlc],
  [Way.MPLS_PAYLOAD, stepMplsPayload],
  [Way.ERSPAN, stepErspan],
  [Way.WCCP, stepWccp],
  [Way.VXLAN, stepVxlan],
  [Way.VXLAN_GPE, stepVxlanGpe],
  [Way.GENEVE, stepGeneve],
  [Way.GTP, stepGtp],
  [Way.TEREDO, stepTeredo],
  [Way.L2TP, stepL2tp],
  [Way.AYIYA, stepAyiya],
  [Way.LISP, stepLisp],
  [Way.TZSP, stepTzsp],
  [Way.WLAN_PADDED, stepPaddedWlan],
]);

/**
 * Reads the header that stands at `at` on this way; `end` is where the captured
 * bytes end, `wireEnd` where the header and all it carries ends on the wire.
 * False when no such header is read here.
 */
export function takeStep(
  way: Way,
  v: DataView,
  at: number,
  end: number,
  wireEnd: number,
  step: Step,
): boolean {
  step.kind = "none";
  step.len = 0;
  step.next = Way.NOTHING;
  step.wireEnd = wireEnd;
  step.isQuote = false;
  step.isPart = false;
  step.why = null;
  const protocol = way - ipWay(0);
  if (protocol >= 0 && protocol < 256 && isIpv6Extension(protocol)) {
    stepExtension(v, at, Math.min(end, wireEnd), protocol, step);
    return true;
  }
  const read = STEPS.get(way);
  if (read === undefined) return false;
  read(v, at, Math.min(end, wireEnd), step);
  return true;
}

/** An IPv6 extension header (RFC 8200 §4), or AH (RFC 4302), which IPv4 knows too. */
function stepExtension(v: DataView, at: number, end: number, protocol: number, step: Step): void {
  if (!isThere(step, "extension", at, end, 8)) return;
  step.isPart = protocol === IpProtocol.FRAGMENT && isIpv6Fragment(v, at);
  goOn(step, "extension", ipv6ExtensionHeaderLen(v, at, protocol), ipWay(v.getUint8(at)));
}

function stepRawIp(v: DataView, at: number, end: number, step: Step): void {
  if (isThere(step, "none", at, end, 1))
    goOn(step, "none", 0, ipByVersion(v, at, end, Way.NOTHING));
}
