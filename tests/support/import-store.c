/* See import-store.h. */
#include "import-store.h"

#include "random-network.h"
#include "store-key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

carenet_store *
import_store_make(ImportStore *fixture, carenet_store_kind kind)
{
    g_autoptr(GError) error = NULL;
    carenet_store *store = cn_store_init(fixture->path, kind, fixture->reference, 1000, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    test_key_give(store);
    return store;
}

int
import_store_set_up(void **state)
{
    ImportStore *fixture = g_new0(ImportStore, 1);
    fixture->reference = test_reference();
    fixture->folder = test_folder();
    fixture->path = g_build_filename(fixture->folder, "store.db", NULL);
    fixture->store = import_store_make(fixture, CARENET_STORE_DEMONSTRATION);
    *state = fixture;
    return 0;
}

int
import_store_tear_down(void **state)
{
    ImportStore *fixture = *state;
    cn_store_close(fixture->store);
    test_folder_remove(fixture->folder);
    carenet_reference_unref(fixture->reference);
    g_free(fixture->path);
    g_free(fixture);
    return 0;
}

gboolean
import_store_import(ImportStore *fixture,
                    const CnNetwork *network,
                    gboolean replace,
                    gboolean dry_run,
                    carenet_table **out_changes,
                    GError **error)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    carenet_import_options options;
    carenet_import_options_init(&options);
    options.replace = replace;
    options.dry_run = dry_run;
    return cn_store_import(fixture->store, network, &options, issues, out_changes, error);
}

void
import_store_import_ok(ImportStore *fixture, const CnNetwork *network, gboolean replace)
{
    g_autoptr(GError) error = NULL;
    if (!import_store_import(fixture, network, replace, FALSE, NULL, &error))
        fail_msg("%s", error->message);
}

/* ---- The small network. */

static void
add_office(CnNetwork *network, const CnReference *reference)
{
    CnProvider *office = cn_network_add_provider(network);
    office->id = "office";
    office->region = "north";
    office->organization = "body";
    office->name = "Office";
    office->site.area = cn_area_by_code(reference->gazetteer, "1030500000");
}

SmallNetwork
small_network(const CnReference *reference)
{
    SmallNetwork small = {.network = cn_network_new()};
    CnNetwork *network = small.network;
    CnRegion region = {.id = "north", .name = "North", .area = 1};
    CnOrganization body = {.id = "body", .region = "north", .name = "Body", .kind = CN_ORG_NGO};
    g_array_append_val(network->regions, region);
    g_array_append_val(network->organizations, body);
    add_office(network, reference);
    CnProvider *shelter = cn_network_add_provider(network);
    shelter->id = "shelter";
    shelter->region = "north";
    shelter->organization = "body";
    shelter->name = "House of CANARY";
    shelter->display_name = "Restricted Shelter N-1";
    shelter->disclosure = CN_DISCLOSE_RESTRICTED;
    shelter->show_area = cn_area_by_code(reference->gazetteer, "1000000000");
    shelter->site = (CnSite){.area = cn_area_by_code(reference->gazetteer, "1030500000"),
                             .has_point = TRUE,
                             .lat_deg = 8.4772,
                             .lon_deg = 124.6459,
                             .address = "1 CANARY Street",
                             .phone = "0917 CANARY",
                             .email = "canary@example.org"};
    shelter->contact_gateway = "office";
    CnOffering offering = cn_offering_blank();
    offering.id = "shelter/emergency-shelter";
    offering.service = cn_service_by_id(reference->taxonomy, "emergency-shelter");
    offering.capacity = (CnCapacity){.known = TRUE,
                                     .total = 8,
                                     .occupied = 5,
                                     .as_of = {.s = 1000000, .is_set = TRUE},
                                     .source = "phone",
                                     .wait_days = 2};
    g_array_append_val(shelter->offerings, offering);
    small.shelter = shelter;
    small.offering = &g_array_index(shelter->offerings, CnOffering, 0);
    return small;
}
