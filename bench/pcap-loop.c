// The least that any analysis does: libpcap hands over each packet, and the headers up to TCP's are read.
// cc -O2 bench/pcap-loop.c -lpcap -o pcap-loop && ./pcap-loop FILE
#include <pcap.h>
#include <stdint.h>
#include <stdio.h>

static uint32_t be16(const u_char *p) { return (uint32_t)p[0] << 8 | p[1]; }
static uint32_t be32(const u_char *p) { return be16(p) << 16 | be16(p + 2); }

int main(int argc, char **argv) {
  char err[PCAP_ERRBUF_SIZE];
  pcap_t *file = pcap_open_offline(argc > 1 ? argv[1] : "-", err);
  if (file == NULL) {
    fprintf(stderr, "%s\n", err);
    return 1;
  }
  struct pcap_pkthdr *h;
  const u_char *p;
  uint64_t segments = 0, payload = 0, sum = 0;
  while (pcap_next_ex(file, &h, &p) == 1) {
    if (h->caplen < 14 + 20 + 20 || be16(p + 12) != 0x0800 || p[23] != 6) continue;
    const u_char *ip = p + 14;
    uint32_t ip_len = (ip[0] & 15) * 4u, total = be16(ip + 2);
    if (14 + ip_len + 20 > h->caplen) continue;
    const u_char *tcp = ip + ip_len;
    uint32_t tcp_len = (tcp[12] >> 4) * 4u;
    if (total < ip_len + tcp_len) continue;
    sum += be32(ip + 12) ^ be32(ip + 16) ^ be32(tcp) ^ be32(tcp + 4) ^ be32(tcp + 8) ^ tcp[13] ^ be16(tcp + 14);
    payload += total - ip_len - tcp_len;
    segments++;
  }
  printf("%llu segments, %llu bytes, %llx\n", (unsigned long long)segments, (unsigned long long)payload,
         (unsigned long long)sum);
  pcap_close(file);
  return 0;
}
