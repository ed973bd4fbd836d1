/* One bulk connection through lwIP's loopback, both ends in this process, raw API, no system.
 *
 * lwip-loop BYTES copy|keep: a quarter of BYTES goes first and does not count. `copy`: the receiver copies what came
 * to a buffer of its own, as a reader does; `keep`: it looks at nothing. Prints bytes and seconds of CPU. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/netif.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"

#include "clock.h"
#include "cpu.h"

#define CHUNK 65536
#define PORT 80
/* Rounds of the loop between two looks at the timers. */
#define TIMERS_EVERY 64

static unsigned char given[CHUNK], taken[CHUNK];
static unsigned long long unsent, received;
static struct tcp_pcb *writer;
static int copies;

static void give(void)
{
    while (unsent > 0) {
        tcpwnd_size_t room = tcp_sndbuf(writer);
        unsigned long long n = unsent < CHUNK ? unsent : CHUNK;
        /* tcp_write has 16 bits for a length. */
        if (n > 0xffff) n = 0xffff;
        if (n > room) n = room;
        if (n == 0 || tcp_write(writer, given, (u16_t)n, TCP_WRITE_FLAG_COPY) != ERR_OK) break;
        unsent -= n;
    }
    tcp_output(writer);
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
    give();
    return ERR_OK;
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    u16_t len;
    if (p == NULL) return ERR_OK;
    len = p->tot_len;
    if (copies) pbuf_copy_partial(p, taken, len, 0);
    received += len;
    pbuf_free(p);
    tcp_recved(pcb, len);
    return ERR_OK;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
    tcp_recv(pcb, on_recv);
    return ERR_OK;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
    give();
    return ERR_OK;
}

static void move(unsigned long long bytes)
{
    unsigned long long end = received + bytes;
    unsigned rounds = 0;
    unsent = bytes;
    if (writer->state == ESTABLISHED) give();
    while (received < end) {
        netif_poll_all();
        if (++rounds % TIMERS_EVERY == 0) sys_check_timeouts();
    }
}

int main(int argc, char **argv)
{
    unsigned long long bytes = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000000ULL;
    ip_addr_t loopback = IPADDR4_INIT_BYTES(127, 0, 0, 1);
    struct tcp_pcb *listener;
    unsigned long long before;
    double start;

    copies = argc > 2 && strcmp(argv[2], "copy") == 0;
    lwip_init();
    listener = tcp_new();
    tcp_bind(listener, IP_ADDR_ANY, PORT);
    listener = tcp_listen(listener);
    tcp_accept(listener, on_accept);
    writer = tcp_new();
    tcp_nagle_disable(writer);
    tcp_sent(writer, on_sent);
    tcp_connect(writer, &loopback, PORT, on_connected);

    move(bytes / 4);
    before = received;
    start = cpu_now();
    move(bytes);
    printf("%llu %.6f\n", received - before, cpu_now() - start);
    return 0;
}
