/* Many connections at once through the kernel's loopback, as many.mjs has them: set up, a little said in turns, closed.
 * Both ends in this process, each with its epoll.
 *
 * kernel-many COUNT TURNS: prints the seconds of CPU of the three, and how many connections there were: as many as this
 * process may have open, if that is less. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cpu.h"

#define QUESTION 64
#define ANSWER 512
#define EVENTS 512

static char words[ANSWER];

static int fail(const char *what)
{
    perror(what);
    exit(1);
}

static void watch(int epoll, int fd)
{
    struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e) < 0) fail("epoll_ctl");
}

/* What the server does with all that has come; how many have ended. */
static int serve(int epoll)
{
    struct epoll_event events[EVENTS];
    int ended = 0, n = epoll_wait(epoll, events, EVENTS, 0);
    for (int i = 0; i < n; i++) {
        int fd = events[i].data.fd;
        ssize_t got = read(fd, words, sizeof words);
        if (got > 0) {
            if (write(fd, words, ANSWER) != ANSWER) fail("write");
        } else if (got == 0) {
            close(fd);
            ended++;
        }
    }
    return ended;
}

static int hear(int epoll)
{
    struct epoll_event events[EVENTS];
    char into[ANSWER];
    int heard = 0, n = epoll_wait(epoll, events, EVENTS, 0);
    for (int i = 0; i < n; i++) heard += read(events[i].data.fd, into, sizeof into) > 0;
    return heard;
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 10000, turns = argc > 2 ? atoi(argv[2]) : 1;
    struct rlimit files;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    int clients = epoll_create1(0), servers = epoll_create1(0);
    double start, open_s, talk_s;

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &files) < 0) fail("setrlimit");
    if (files.rlim_max < 2 * count + 64) count = (files.rlim_max - 64) / 2;
    int *all = calloc(count, sizeof *all);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (void *)&at, len) < 0 || listen(listener, 128) < 0) fail("listen");
    getsockname(listener, (void *)&at, &len);

    start = cpu_now();
    for (int i = 0; i < count; i++) {
        all[i] = socket(AF_INET, SOCK_STREAM, 0);
        if (all[i] < 0 || connect(all[i], (void *)&at, len) < 0) fail("connect");
        watch(clients, all[i]);
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) fail("accept");
        watch(servers, fd);
    }
    open_s = cpu_now() - start;

    start = cpu_now();
    for (int turn = 0; turn < turns; turn++) {
        for (int i = 0; i < count; i++)
            if (write(all[i], words, QUESTION) != QUESTION) fail("write");
        for (int heard = 0; heard < count;) {
            serve(servers);
            heard += hear(clients);
        }
    }
    talk_s = cpu_now() - start;

    start = cpu_now();
    for (int i = 0; i < count; i++) close(all[i]);
    for (int ended = 0; ended < count;) ended += serve(servers);
    printf("%.6f %.6f %.6f %d\n", open_s, talk_s, cpu_now() - start, count);
    return 0;
}
