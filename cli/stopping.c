#include "stopping.h"

#include <signal.h>

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};

static struct sigaction former[G_N_ELEMENTS(numbers)];
/* Of the last signal; 0 none. */
static volatile sig_atomic_t asked_by;
static volatile sig_atomic_t stopped_by;

static void
note_signal(int number)
{
    asked_by = number;
}

static bool
is_not_asked(void *user)
{
    (void)user;
    stopped_by = asked_by;
    return stopped_by == 0;
}

void
cli_stopping_begin(carenet_copy_options *options)
{
    struct sigaction action = {.sa_handler = note_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    options->proceed = is_not_asked;
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        sigaction(numbers[i], NULL, &former[i]);
        if (former[i].sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
}

void
cli_stopping_end(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        sigaction(numbers[i], &former[i], NULL);
}

void
cli_stopping_obey(void)
{
    if (stopped_by == 0)
        return;
    signal(stopped_by, SIG_DFL);
    raise(stopped_by);
}
