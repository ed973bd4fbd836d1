/* The clock that lwIP's timers ask for, in milliseconds. */
#ifndef CLOCK_H
#define CLOCK_H

#include <time.h>

#include "lwip/sys.h"

u32_t sys_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return (u32_t)(t.tv_sec * 1000 + t.tv_nsec / 1000000);
}

#endif
