/* Sites that must not be found: whether what is shown gives them away, and whether they can be
 * reached at all. No message quotes anything of the site. */
#include "base/text.h"
#include "model/network-check.h"

#include <string.h>

/* Shorter words and numbers are in too many texts to mean anything. */
#define WORD_LEAST  4
#define PHONE_LEAST 7

typedef struct {
    const CnNetwork *network;
    const CnGazetteer *gazetteer;
    const CnProvider *provider;
    CnIssueList *issues;
    GPtrArray *secrets; /* (element-type Secret) */
} Check;

/* Something that must not stand in a text that is shown. */
typedef struct {
    const char *what;
    char *words;  /* folded, with a space at both ends; NULL for a number */
    char *digits; /* of a phone number */
} Secret;

static void
free_secret(gpointer data)
{
    Secret *secret = data;
    g_free(secret->words);
    g_free(secret->digits);
    g_free(secret);
}

static void
report(const Check *check,
       CnSeverity severity,
       const char *tag,
       CnPos pos,
       const char *suggestion,
       const char *why)
{
    cn_issue_add(check->issues, severity, tag, pos, suggestion, "\"%s\" %s", check->provider->id,
                 why);
}

/* ---- What must not be shown. */

/* " words of a text ", so that whole words are compared. (transfer full) */
static char *
fold_words(const char *text)
{
    g_autofree char *folded = cn_text_fold(text);
    const char *from = g_str_has_prefix(folded, "example ") ? folded + strlen("example ") : folded;
    return g_strdup_printf(" %s ", from);
}

static void
add_words(Check *check, const char *what, const char *text)
{
    g_autofree char *words = fold_words(text);
    if (strlen(words) < WORD_LEAST + 2 || strpbrk(words, "abcdefghijklmnopqrstuvwxyz") == NULL)
        return;
    Secret *secret = g_new0(Secret, 1);
    secret->what = what;
    secret->words = g_steal_pointer(&words);
    g_ptr_array_add(check->secrets, secret);
}

/* The digits of a text. (transfer full) */
static char *
keep_digits(const char *text)
{
    GString *digits = g_string_new(NULL);
    for (; *text != '\0'; text++)
        if (g_ascii_isdigit(*text))
            g_string_append_c(digits, *text);
    return g_string_free(digits, FALSE);
}

/* Without the prefixes, which people write in different ways: the rest is found after any of them. */
static void
add_phones(Check *check, const char *phones)
{
    g_auto(GStrv) parts = g_strsplit_set(phones, "/,;", -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        g_autofree char *digits = keep_digits(parts[i]);
        const char *from = digits;
        if (g_str_has_prefix(from, "63"))
            from += 2;
        from += strspn(from, "0");
        if (strlen(from) < PHONE_LEAST)
            continue;
        Secret *secret = g_new0(Secret, 1);
        secret->what = "phone";
        secret->digits = g_strdup(from);
        g_ptr_array_add(check->secrets, secret);
    }
}

/* The area that everybody may know, or one above it. */
static gboolean
is_shown_area(const Check *check, const char *words)
{
    CnAreaId area = check->provider->show_area;
    while (area != CN_AREA_NONE) {
        g_autofree char *name = fold_words(cn_area(check->gazetteer, area)->name);
        g_autofree char *short_name = fold_words(cn_area_short_name(check->gazetteer, area));
        if (strcmp(words, name) == 0 || strcmp(words, short_name) == 0)
            return TRUE;
        area = cn_area(check->gazetteer, area)->parent;
    }
    return FALSE;
}

/* What is left of a part of an address without numbers and the words of every address: "12
 * Sampaguita Street" is sampaguita. (transfer full) */
static char *
keep_proper_words(const char *part)
{
    static const char *const common[] = {
        "",     "avenue",    "ave",          "barangay", "bldg",     "block", "blk",
        "brgy", "building",  "city",         "corner",   "district", "door",  "drive",
        "east", "extension", "ext",          "floor",    "highway",  "house", "km",
        "lane", "lot",       "municipality", "national", "near",     "no",    "north",
        "of",   "office",    "phase",        "province", "purok",    "rd",    "road",
        "room", "sitio",     "south",        "st",       "street",   "subd",  "subdivision",
        "the",  "unit",      "village",      "west",     "zone",     NULL};
    g_autofree char *words = fold_words(part);
    g_auto(GStrv) all = g_strsplit(words, " ", -1);
    g_autoptr(GPtrArray) kept = g_ptr_array_new();
    for (guint i = 0; all[i] != NULL; i++)
        if (!g_strv_contains(common, all[i]) && !g_ascii_isdigit(all[i][0]))
            g_ptr_array_add(kept, all[i]);
    g_ptr_array_add(kept, NULL);
    return g_strjoinv(" ", (char **)kept->pdata);
}

/* An address as a whole would hardly be copied; its parts would. */
static void
add_address(Check *check, const char *address)
{
    g_auto(GStrv) parts = g_strsplit_set(address, ",;", -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        g_autofree char *proper = keep_proper_words(parts[i]);
        const char *secret = strlen(proper) >= WORD_LEAST ? proper : parts[i];
        g_autofree char *words = fold_words(secret);
        if (!is_shown_area(check, words))
            add_words(check, "address", secret);
    }
}

/* The areas below the one that is shown, down to the site's. */
static void
add_towns(Check *check)
{
    CnAreaId area = check->provider->site.area, shown = check->provider->show_area;
    while (area != CN_AREA_NONE && area != shown && shown != CN_AREA_NONE &&
           cn_area_contains(check->gazetteer, shown, area)) {
        g_auto(GStrv) parts = g_strsplit(cn_area_short_name(check->gazetteer, area), ",", 2);
        add_words(check, "town", parts[0]);
        area = cn_area(check->gazetteer, area)->parent;
    }
}

/* "Shelter" or "Safe House for Girls" is the name of every other place, and gives none away. */
static gboolean
is_common_name(const char *name)
{
    static const char *const common[] = {
        "",         "a",       "boys",      "care",      "center",    "centre",      "child",
        "children", "crisis",  "desk",      "emergency", "for",       "girls",       "home",
        "house",    "of",      "office",    "recovery",  "residence", "residential", "restricted",
        "safe",     "shelter", "survivors", "temporary", "the",       "women",       NULL};
    g_autofree char *words = fold_words(name);
    g_auto(GStrv) parts = g_strsplit(words, " ", -1);
    for (guint i = 0; parts[i] != NULL; i++)
        if (!g_strv_contains(common, parts[i]))
            return FALSE;
    return TRUE;
}

static void
collect_secrets(Check *check)
{
    const CnProvider *provider = check->provider;
    if (provider->name != NULL && !is_common_name(provider->name))
        add_words(check, "name", provider->name);
    if (provider->site.address != NULL)
        add_address(check, provider->site.address);
    if (provider->site.email != NULL)
        add_words(check, "email", provider->site.email);
    if (provider->site.phone != NULL)
        add_phones(check, provider->site.phone);
    add_towns(check);
}

/* ---- What is shown. */

static void
check_text(const Check *check, const char *field, const char *text, CnPos pos)
{
    if (text == NULL)
        return;
    g_autofree char *words = fold_words(text);
    g_autofree char *digits = keep_digits(text);
    for (guint i = 0; i < check->secrets->len; i++) {
        const Secret *secret = g_ptr_array_index(check->secrets, i);
        if (secret->words != NULL ? strstr(words, secret->words) == NULL
                                  : strstr(digits, secret->digits) == NULL)
            continue;
        cn_issue_add(check->issues, CN_SEVERITY_ERROR, "restricted-in-clear", pos,
                     "write something that says nothing about the place",
                     "the %s of \"%s\" gives away its %s", field, check->provider->id,
                     secret->what);
        return;
    }
}

static void
check_shown_texts(const Check *check)
{
    const CnProvider *provider = check->provider;
    const CnOrganization *organization =
        cn_network_organization(check->network, provider->organization);
    check_text(check, "id", provider->id, provider->pos);
    check_text(check, "display_name", provider->display_name, provider->pos);
    check_text(check, "contact role", provider->contact_role, provider->gateway_pos);
    check_text(check, "source title", provider->source_title, provider->pos);
    check_text(check, "source url", provider->source_url, provider->pos);
    check_text(check, "accreditation body", provider->accreditation_body,
               provider->accreditation_pos);
    if (organization != NULL)
        check_text(check, "organization's name", organization->name, provider->organization_pos);
    for (guint i = 0; i < provider->offerings->len; i++) {
        const CnOffering *offering = &g_array_index(provider->offerings, CnOffering, i);
        check_text(check, "offering's variant", offering->variant, offering->pos);
        check_text(check, "offering's hours", offering->hours, offering->pos);
        check_text(check, "offering's intake hours", offering->intake_hours, offering->pos);
    }
}

static void
add_held(const Check *check, GPtrArray *held, const char *field, gboolean known)
{
    const GPtrArray *withheld = check->provider->withheld;
    for (guint i = 0; i < withheld->len; i++)
        known = known && strcmp(g_ptr_array_index(withheld, i), field) != 0;
    if (known)
        g_ptr_array_add(held, (gpointer)field);
}

/* A check cannot know who may read the file, so it says what the file gives to whoever does. What the
 * file withholds was known before. */
static void
warn_of_file(const Check *check)
{
    const CnSite *site = &check->provider->site;
    g_autoptr(GPtrArray) held = g_ptr_array_new();
    add_held(check, held, "address", site->address != NULL);
    add_held(check, held, "point", site->has_point);
    add_held(check, held, "phone", site->phone != NULL);
    add_held(check, held, "email", site->email != NULL);
    if (held->len == 0)
        return;
    g_ptr_array_add(held, NULL);
    g_autofree char *list = g_strjoinv(", ", (char **)held->pdata);
    g_autofree char *why = g_strdup_printf("is restricted, and this file holds its %s", list);
    report(check, CN_SEVERITY_WARNING, "restricted-in-clear", check->provider->site_pos,
           "keep this file where only the provider's coordinator can read it", why);
}

/* ---- Whether it is complete. */

static void
check_complete(const Check *check)
{
    static const char tag[] = "restricted-incomplete";
    const CnProvider *provider = check->provider;
    if (provider->display_name == NULL)
        report(
            check, CN_SEVERITY_ERROR, tag, provider->pos,
            cn_network_check_step(
                provider->pos,
                "add a display_name that says nothing about the place, or \"disclosure: public\"",
                "fill in a display_name that says nothing about the place, or write public "
                "under disclosure"),
            "is restricted and has no display_name to be shown by");
    if (provider->show_area == CN_AREA_NONE)
        report(check, CN_SEVERITY_ERROR, tag, provider->site_pos,
               "add the code of its region as show_area", "is restricted and has no show_area");
    else if (provider->site.area != CN_AREA_NONE &&
             !cn_area_contains(check->gazetteer, provider->show_area, provider->site.area))
        report(check, CN_SEVERITY_ERROR, tag, provider->show_area_pos,
               "name an area that the site lies in",
               "has a show_area that does not contain its area");
    else if (cn_area(check->gazetteer, provider->show_area)->level >= CN_LEVEL_CITY)
        report(check, CN_SEVERITY_WARNING, "restricted-narrow", provider->show_area_pos,
               "show its region", "is restricted and shows its town");
    if (provider->contact_role == NULL && provider->contact_gateway == NULL)
        report(check, CN_SEVERITY_ERROR, tag, provider->pos,
               cn_network_check_step(
                   provider->pos,
                   "add \"contact: {role: ..., gateway: the id of a public provider}\"",
                   "fill in contact_role, and gateway with the id of a public provider"),
               "is restricted and has no contact");
}

static void
check_serves(const Check *check)
{
    const CnProvider *provider = check->provider;
    for (guint i = 0; provider->show_area != CN_AREA_NONE && i < provider->serves->len; i++) {
        CnAreaId area = g_array_index(provider->serves, CnAreaId, i);
        if (area == provider->show_area ||
            !cn_area_contains(check->gazetteer, provider->show_area, area))
            continue;
        report(check, CN_SEVERITY_WARNING, "restricted-serves", provider->serves_pos,
               cn_network_check_step(provider->serves_pos,
                                     "serve the whole show_area, or leave \"serves\" out",
                                     "write the show_area under serves, or leave the cell empty"),
               "serves less than its show_area, which tells where it is");
        return;
    }
}

static char *
suggest_gateway(const CnNetwork *network, const char *id)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    for (guint i = 0; i < network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(network->providers, i);
        if (provider->disclosure == CN_DISCLOSE_PUBLIC)
            g_ptr_array_add(ids, (gpointer)provider->id);
    }
    return cn_text_did_you_mean(id, (const char *const *)ids->pdata, ids->len);
}

static void
check_gateway(const Check *check, gboolean guarded)
{
    const char *tag = guarded ? "restricted-gateway" : "dangling-reference";
    const CnProvider *provider = check->provider;
    if (provider->contact_gateway == NULL) {
        if (guarded)
            report(check, CN_SEVERITY_WARNING, tag, provider->pos,
                   cn_network_check_step(
                       provider->pos, "add \"gateway\" to its contact: the id of a public provider",
                       "write the id of a public provider under gateway"),
                   "is restricted and has no gateway through which it is reached");
        return;
    }
    const CnProvider *gateway = cn_network_provider(check->network, provider->contact_gateway);
    if (gateway == NULL) {
        g_autofree char *suggestion =
            cn_issue_list_wants_hint(check->issues)
                ? suggest_gateway(check->network, provider->contact_gateway)
                : NULL;
        report(check, CN_SEVERITY_ERROR, tag, provider->gateway_pos, suggestion,
               "has a gateway that nobody knows");
    } else if (guarded && gateway->disclosure != CN_DISCLOSE_PUBLIC) {
        report(check, CN_SEVERITY_ERROR, tag, provider->gateway_pos,
               "name a public provider, such as a social welfare office",
               "has a gateway that is restricted itself");
    }
}

static void
check_sensitive(const Check *check, const CnReference *reference)
{
    const CnProvider *provider = check->provider;
    for (guint i = 0; i < provider->offerings->len; i++) {
        const CnOffering *offering = &g_array_index(provider->offerings, CnOffering, i);
        if (!cn_service_is_home(cn_service(reference->taxonomy, offering->service)))
            continue;
        report(check, CN_SEVERITY_WARNING, "sensitive-public", offering->pos,
               cn_network_check_step(
                   offering->pos,
                   "write \"disclosure: restricted\" unless anybody may know where it is",
                   "write restricted under disclosure unless anybody may know where it is"),
               "is public, and survivors live there");
        return;
    }
}

void
cn_network_check_disclosure(const CnNetwork *network,
                            const CnReference *reference,
                            const CnProvider *provider,
                            CnIssueList *issues)
{
    g_autoptr(GPtrArray) secrets = g_ptr_array_new_with_free_func(free_secret);
    Check check = {network, reference->gazetteer, provider, issues, secrets};
    gboolean guarded = provider->disclosure != CN_DISCLOSE_PUBLIC;
    check_gateway(&check, guarded);
    if (!guarded) {
        check_sensitive(&check, reference);
        return;
    }
    check_complete(&check);
    check_serves(&check);
    collect_secrets(&check);
    check_shown_texts(&check);
    warn_of_file(&check);
}
