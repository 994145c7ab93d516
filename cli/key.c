#include "key.h"

#include "message.h"

void
cli_key_clear(CliKey *key)
{
    g_free(key->file);
    g_free(key->fd);
}

gboolean
cli_key_is_given(const CliKey *key)
{
    return key->file != NULL || key->fd != NULL;
}

carenet_key *
cli_key_read(const CliKey *key, GError **error)
{
    int fd = -1;
    if (key->file != NULL && key->fd != NULL) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, NULL,
                 "give --key-file or --key-fd, not both");
        return NULL;
    }
    if (!cli_key_is_given(key)) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "--key-file FILE, or --key-fd N for one that is handed over by a program",
                 "this takes the key of the network");
        return NULL;
    }
    if (key->file != NULL)
        return carenet_key_read(key->file, error);
    return cli_fd_parse("--key-fd", key->fd, "network.key", &fd, error)
               ? carenet_key_read_fd(fd, error)
               : NULL;
}

gboolean
cli_key_unlock(Cli *cli, const CliKey *key, GError **error)
{
    if (!cli_key_is_given(key))
        return TRUE;
    carenet_key *read = cli_key_read(key, error);
    const gboolean done = read != NULL && carenet_store_unlock(cli->store, read, error);
    carenet_key_free(read);
    return done;
}
