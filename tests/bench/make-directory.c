/* make-directory SEED OFFERINGS DATA-FOLDER STORE: a new demonstration store that holds an invented
 * network of national size. */
#include "national-network.h"

#include "format/reference-files.h"
#include "store/store.h"

#include <stdlib.h>

static gboolean
fill(guint32 seed, guint offerings, const char *data, const char *path, GError **error)
{
    carenet_import_options options;
    carenet_import_options_init(&options);
    g_autoptr(carenet_reference) reference = cn_reference_read(data, error);
    if (reference == NULL)
        return FALSE;
    g_autoptr(CnNetwork) network = national_network(seed, offerings, reference);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    cn_network_check(network, reference, issues);
    g_assert(cn_issue_list_errors(issues) == 0);
    g_autoptr(carenet_store) store =
        cn_store_init(path, CARENET_STORE_DEMONSTRATION, reference, 5000, error);
    return store != NULL && cn_store_import(store, network, &options, issues, NULL, error);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    guint64 seed = 0, offerings = 0;
    if (argc != 5 || !g_ascii_string_to_unsigned(argv[1], 10, 0, G_MAXUINT32, &seed, NULL) ||
        !g_ascii_string_to_unsigned(argv[2], 10, 1, 10000000, &offerings, NULL)) {
        g_printerr("usage: make-directory SEED OFFERINGS DATA-FOLDER STORE\n");
        return 2;
    }
    if (fill((guint32)seed, (guint)offerings, argv[3], argv[4], &error))
        return EXIT_SUCCESS;
    g_printerr("make-directory: %s\n", error->message);
    return EXIT_FAILURE;
}
