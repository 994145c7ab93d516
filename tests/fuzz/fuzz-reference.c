/* Reference data: byte 0 of the input chooses one of the four files of a small, sound folder; the
 * rest of the input takes its place. What is accepted is a tree without loops, every area and
 * service is found by its code or id, and travel between any two areas is a number or unknown. */
#include "fuzz.h"

#include "format/reference-files.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define AREAS_MOST 30 /* more only take time */

typedef struct {
    const char *name;
    const char *text;
} File;

static const File files[] = {
    {"gazetteer.csv",
     "code,name,level,parent_code,lat,lon,population,aliases,geographic_province,island\n"
     "PH,Philippines,country,,14.6,121,100,Pilipinas,,Luzon\n"
     "PH-VIS,Visayas,island-group,PH,10.7,123.5,50,Bisayas,,Negros\n"
     "0700000000,Region VII (Central Visayas),region,PH-VIS,9.9,123.6,40,Region 7,,Cebu\n"
     "0702200000,Cebu,province,0700000000,10.4,123.7,30,,,Cebu\n"
     "0730600000,City of Cebu,city,0700000000,10.3,123.9,20,Cebu City,0702200000,Cebu\n"
     "0702220000,Cordova,municipality,0702200000,10.25,123.95,10,,,Mactan\n"},
    {"sea-links.csv",
     "kind,from_code,from_name,from_island,to_code,to_name,to_island,straight_km,verified\n"
     "bridge,0730600000,City of Cebu,Cebu,0702220000,Cordova,Mactan,9.9,yes\n"},
    {"services.yaml",
     "services:\n"
     "  - {id: care, name: Care, unit: caseload, sensitive: false}\n"
     "  - {id: kinship-care, name: Kinship care, parent: care, aliases: [kin], unit: place,\n"
     "     sensitive: true, restrictiveness: 2, gate: kinship-assessment}\n"},
    {"terms.yaml",
     "groups: [{id: deaf, name: Deaf, aliases: [hard-of-hearing]}]\n"
     "access: [{id: wheelchair, name: Wheelchair access}]\n"
     "documents: [{id: police-report, name: Police report}]\n"
     "assessments: [{id: kinship-assessment, name: Kinship assessment, detail: ask}]\n"
     "courses: [{id: trauma-informed-care, name: Trauma-informed care}]\n"
     "languages: [{id: ceb, name: Cebuano}]\n"},
};

static char *folder;

static void
write_file(const char *name, const char *text, size_t len)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    FILE *file = fopen(path, "wb");
    g_assert_nonnull(file);
    g_assert_cmpuint(fwrite(text, 1, len, file), ==, len);
    g_assert_cmpint(fclose(file), ==, 0);
}

static void
remove_folder(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(folder, files[i].name, NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
    g_free(folder);
}

static void
make_folder(void)
{
    const char *top = g_file_test("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir();
    if (folder != NULL)
        return;
    folder = g_build_filename(top, "carenet-fuzz-XXXXXX", NULL);
    g_assert_nonnull(g_mkdtemp(folder));
    atexit(remove_folder);
}

/* ---- What must hold. */

static void
check_area(const CnGazetteer *gazetteer, CnAreaId id)
{
    const CnArea *area = cn_area(gazetteer, id);
    g_assert_cmpint(cn_area_by_code(gazetteer, area->code), ==, id);
    g_assert_true(area->end > id && (guint)area->end <= cn_gazetteer_len(gazetteer));
    g_assert_true(id == 0 ? area->parent == CN_AREA_NONE : area->parent < id);
    if (area->parent >= 0) {
        g_assert_cmpint(cn_area(gazetteer, area->parent)->end, >=, area->end);
        g_assert_true(cn_area_contains(gazetteer, area->parent, id));
    }
    g_assert_true(cn_area_contains(gazetteer, 0, id));
    g_assert_true(fuzz_is_line(cn_area_short_name(gazetteer, id)));
}

static void
check_travel(const CnGazetteer *gazetteer, CnAreaId from, CnAreaId to)
{
    static const CnTravelSpeeds speeds = {30, 135, 18, 120};
    const CnArea *target = cn_area(gazetteer, to);
    CnOrigin origin;
    cn_origin_init(&origin, gazetteer, &speeds, from);
    CnTravel travel = cn_origin_travel(&origin, target->lat_deg, target->lon_deg, target->island);
    g_assert_true(travel.distance_m >= 0 && travel.travel_min >= -1);
    g_assert_true(from != to || travel.distance_m == 0);
}

static void
check_service(const CnTaxonomy *taxonomy, CnServiceId id)
{
    const CnService *service = cn_service(taxonomy, id);
    CnServiceId found = CN_SERVICE_NONE;
    g_assert_true(cn_service_resolve(taxonomy, service->id, &found, NULL));
    g_assert_cmpint(found, ==, id);
    g_assert_true(service->parent < id && service->end > id);
    g_assert_true(service->parent < 0 || cn_service_contains(taxonomy, service->parent, id));
}

static void
check_reference(const CnReference *reference)
{
    CnAreaId areas = (CnAreaId)MIN(cn_gazetteer_len(reference->gazetteer), AREAS_MOST);
    for (CnAreaId i = 0; i < areas; i++) {
        check_area(reference->gazetteer, i);
        check_travel(reference->gazetteer, i, areas - 1 - i);
    }
    for (guint i = 0; i < cn_taxonomy_len(reference->taxonomy); i++)
        check_service(reference->taxonomy, (CnServiceId)i);
    g_autoptr(carenet_table) table = carenet_reference_areas(reference, NULL, NULL);
    fuzz_check_table(table);
    g_autoptr(carenet_table) services = carenet_reference_services(reference);
    fuzz_check_table(services);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzChoices choices = {data, size};
    guint chosen = fuzz_pick(&choices, G_N_ELEMENTS(files));
    make_folder();
    for (guint i = 0; i < G_N_ELEMENTS(files); i++)
        if (i == chosen && size > 0)
            write_file(files[i].name, (const char *)choices.at, choices.left);
        else
            write_file(files[i].name, files[i].text, strlen(files[i].text));
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_reference) reference = cn_reference_read(folder, &error);
    fuzz_check_error(reference != NULL, error);
    if (reference != NULL)
        check_reference(reference);
    return 0;
}
