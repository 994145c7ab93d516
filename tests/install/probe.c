/* The smallest program: prints the version of the library that it got. */
#include <stdio.h>

#include <carenet/carenet.h>

int
main(void)
{
    printf("%s\n", carenet_version());
    return 0;
}
