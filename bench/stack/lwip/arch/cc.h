/* What lwIP asks of a compiler and a machine. */
#ifndef ARCH_CC_H
#define ARCH_CC_H

#include <stdio.h>
#include <stdlib.h>

#define LWIP_RAND() ((u32_t)rand())
#define LWIP_PLATFORM_DIAG(x) ((void)0)
/* As a release would have it. */
#define LWIP_NOASSERT 1

#endif
