/* lwIP as the benchmark uses it: no system, raw API, one loopback interface. MSS, WINDOW and CHECKSUMS come from the
 * command line of the compiler; what is not here is lwIP's own choice. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_ARP 0
#define LWIP_ETHERNET 0
#define LWIP_ICMP 1
#define LWIP_UDP 0
#define LWIP_RAW 0
#define LWIP_STATS 0

#define LWIP_HAVE_LOOPIF 1
#define LWIP_NETIF_LOOPBACK 1

/* The C library's heap, which is faster than lwIP's; the structures come from pools. */
#define MEM_LIBC_MALLOC 1
#define MEM_ALIGNMENT 8

/* Segments of 64 KiB do not agree with the checks of sizes, nor with 16 bits. */
#define LWIP_DISABLE_TCP_SANITY_CHECKS 1
#define TCP_MSS MSS
#define TCP_WND WINDOW
#define TCP_SND_BUF WINDOW
#define TCP_SND_QUEUELEN (4 * (WINDOW / MSS) + 8)
#define TCP_SNDLOWAT (WINDOW / 2)
#define TCP_SNDQUEUELOWAT (TCP_SND_QUEUELEN / 2)
#define MEMP_NUM_TCP_SEG (2 * TCP_SND_QUEUELEN)
#define MEMP_NUM_PBUF 256
#if WINDOW > 65535
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE 3
#endif
#if MSS > 60000
/* Lengths of pbufs have 16 bits, and an unsent segment needs none beyond its own. */
#define TCP_OVERSIZE 0
#endif

/* How many ends there may be; the pool of segments serves them all. */
#ifdef CONNECTIONS
#define MEMP_NUM_TCP_PCB (4 * CONNECTIONS)
#undef MEMP_NUM_TCP_SEG
#define MEMP_NUM_TCP_SEG (4 * CONNECTIONS)
#define TCP_LISTEN_BACKLOG 0
#endif

#define CHECKSUM_GEN_IP CHECKSUMS
#define CHECKSUM_CHECK_IP CHECKSUMS
#define CHECKSUM_GEN_TCP CHECKSUMS
#define CHECKSUM_CHECK_TCP CHECKSUMS
#define CHECKSUM_GEN_ICMP CHECKSUMS
#define CHECKSUM_CHECK_ICMP CHECKSUMS

#endif
