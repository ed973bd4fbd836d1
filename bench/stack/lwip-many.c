/* Many connections at once through lwIP's loopback, as many.mjs has them: set up, a little said in turns, closed.
 *
 * lwip-many COUNT TURNS: prints the seconds of CPU of the three,
 * how many connections there were, and the bytes of a control block. */
#include <stdio.h>
#include <stdlib.h>

#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/netif.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"

#include "clock.h"
#include "cpu.h"

#define PORT 80
#define QUESTION 64
#define ANSWER 512
#define AT_ONCE 500

static unsigned char words[ANSWER];
static unsigned heard, ended;

/* Until so many have been heard. */
static void settle(unsigned *what, unsigned wanted)
{
    while (*what < wanted) {
        netif_poll_all();
        sys_check_timeouts();
    }
}

static err_t on_question(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    if (p == NULL) {
        ended++;
        tcp_recv(pcb, NULL);
        return tcp_close(pcb);
    }
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
    tcp_write(pcb, words, ANSWER, TCP_WRITE_FLAG_COPY);
    return tcp_output(pcb);
}

static err_t on_answer(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    if (p == NULL) return ERR_OK;
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
    heard++;
    return ERR_OK;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
    tcp_recv(pcb, on_question);
    return ERR_OK;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
    heard++;
    return ERR_OK;
}

int main(int argc, char **argv)
{
    unsigned count = argc > 1 ? atoi(argv[1]) : 10000, turns = argc > 2 ? atoi(argv[2]) : 1, i, turn;
    struct tcp_pcb **all = calloc(count, sizeof *all), *listener;
    ip_addr_t loopback = IPADDR4_INIT_BYTES(127, 0, 0, 1);
    double start, open_s, talk_s;

    lwip_init();
    listener = tcp_new();
    tcp_bind(listener, IP_ADDR_ANY, PORT);
    listener = tcp_listen(listener);
    tcp_accept(listener, on_accept);

    start = cpu_now();
    for (i = 0; i < count; i++) {
        all[i] = tcp_new();
        if (all[i] == NULL) return fprintf(stderr, "no more connections\n"), 1;
        tcp_recv(all[i], on_answer);
        if (tcp_connect(all[i], &loopback, PORT, on_connected) != ERR_OK) return fprintf(stderr, "no connect\n"), 1;
        if (i % AT_ONCE == 0) settle(&heard, i + 1);
    }
    settle(&heard, count);
    open_s = cpu_now() - start;

    start = cpu_now();
    for (turn = 0; turn < turns; turn++) {
        heard = 0;
        for (i = 0; i < count; i++) {
            tcp_write(all[i], words, QUESTION, TCP_WRITE_FLAG_COPY);
            tcp_output(all[i]);
        }
        settle(&heard, count);
    }
    talk_s = cpu_now() - start;

    start = cpu_now();
    for (i = 0; i < count; i++) tcp_close(all[i]);
    settle(&ended, count);
    printf("%.6f %.6f %.6f %u %zu\n", open_s, talk_s, cpu_now() - start, count, sizeof(struct tcp_pcb));
    return 0;
}
