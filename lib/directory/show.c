/* Everything disclosed about one thing: fields and values, for people. */
#include "directory/directory.h"

#include "base/error.h"
#include "base/text.h"
#include "directory/partial.h"

static const CnColumn columns[] = {
    {"field", CARENET_COLUMN_TEXT},
    {"value", CARENET_COLUMN_TEXT},
};

static void
say(CnTableBuilder *table, const char *field, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    cn_table_add_text(table, field);
    cn_table_add_text(table, value);
}

static void say_format(CnTableBuilder *table, const char *field, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void
say_format(CnTableBuilder *table, const char *field, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *value = g_strdup_vprintf(format, args);
    va_end(args);
    say(table, field, value);
}

static void
say_date(CnTableBuilder *table, const char *field, CnDate date)
{
    char day[11];
    say(table, field, cn_date_format(date, day));
}

static void
say_terms(CnTableBuilder *table,
          const CnListing *listing,
          const char *field,
          carenet_terms_kind kind,
          CnTermSet set)
{
    g_autofree char *ids = cn_term_set_join(listing->reference->terms[kind], set, ", ");
    say(table, field, ids);
}

static void
say_eligibility(CnTableBuilder *table, const CnListing *listing, const CnEligibility *eligibility)
{
    if (eligibility->age_min >= 0 || eligibility->age_max >= 0) {
        if (eligibility->age_max < 0)
            say_format(table, "ages", "from %d", eligibility->age_min);
        else
            say_format(table, "ages", "%d to %d", MAX(0, eligibility->age_min),
                       eligibility->age_max);
    }
    say(table, "sex", eligibility->sex == CN_SEX_UNSTATED ? "any" : cn_sex_name(eligibility->sex));
    say_terms(table, listing, "only for", CARENET_TERMS_GROUPS, eligibility->groups);
    say_terms(table, listing, "not for", CARENET_TERMS_GROUPS, eligibility->not_for);
    say_terms(table, listing, "documents", CARENET_TERMS_DOCUMENTS, eligibility->documents);
    if (eligibility->siblings_up_to >= 0)
        say_format(table, "siblings together", "up to %d", eligibility->siblings_up_to);
}

static void
say_capacity(CnTableBuilder *table,
             const CnListedProvider *provider,
             const CnLiveCapacity *capacity,
             CnUnit unit)
{
    say(table, "unit", cn_unit_name(unit));
    say(table, "availability",
        cn_availability_name(cn_listed_availability(provider, capacity, unit)));
    if (capacity->known && unit != CN_UNIT_NONE && !provider->restricted)
        say_format(table, "free", "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT,
                   cn_listed_free(provider, capacity, unit), capacity->total);
    if (capacity->as_of.is_set) {
        g_autofree char *as_of = cn_instant_format(capacity->as_of);
        say(table, "as of", as_of);
    }
    if (capacity->wait_days >= 0)
        say_format(table, "waiting time", "%d days%s", capacity->wait_days,
                   capacity->waited ? " (from referrals)" : "");
}

static void
show_offering(CnTableBuilder *table, const CnListing *listing, guint at)
{
    const CnListedOffering *offered = &listing->offerings[at];
    const CnService *service = cn_service(listing->reference->taxonomy, offered->service);
    say(table, "offering", cn_listed_text(listing, offered->id));
    say_format(table, "service", "%s (%s)", service->name, service->id);
    if (offered->all_below)
        say(table, "covers", "every service below it");
    say_capacity(table, &listing->providers[offered->provider], &listing->capacity[at],
                 service->unit);
    say_eligibility(table, listing, &offered->eligibility);
    say(table, "hours", cn_listed_text(listing, offered->hours_text));
    if (offered->intake_text != 0)
        say_format(table, "intake", "%s%s", cn_listed_text(listing, offered->intake_text),
                   offered->intake_on_call ? " (on call: phone first)" : "");
}

static void
say_place(CnTableBuilder *table, const CnListing *listing, const CnListedProvider *provider)
{
    const CnArea *area = cn_area(listing->reference->gazetteer, provider->area);
    say_format(table, "place", "%s (%s)%s", area->name, area->code,
               provider->restricted ? ", no finer location is shown" : "");
    say(table, "address", cn_listed_text(listing, provider->address));
    CnSpan serves = cn_span_within(provider->serves, listing->serves_len);
    for (guint i = serves.first; i < serves.first + serves.len; i++)
        say_format(table, "serves", "%s (%s)",
                   cn_area(listing->reference->gazetteer, listing->serves[i])->name,
                   cn_area(listing->reference->gazetteer, listing->serves[i])->code);
    if (provider->remote)
        say(table, "remote", "by phone or online");
}

static void
append_date(GString *text, const char *word, CnDate date)
{
    if (!cn_date_is_set(date))
        return;
    char day[11];
    g_string_append_printf(text, ", %s %s", word, cn_date_format(date, day));
}

static void
say_accreditation(CnTableBuilder *table, const CnListing *listing, const CnListedProvider *provider)
{
    g_autoptr(GString) text = g_string_new(cn_listed_text(listing, provider->accreditation_body));
    if (text->len == 0 &&
        (provider->accreditation_level > 0 || cn_date_is_set(provider->accreditation_expires)))
        g_string_append(text, "body unknown");
    if (provider->accreditation_level > 0)
        g_string_append_printf(text, ", level %d", provider->accreditation_level);
    append_date(text, "until", provider->accreditation_expires);
    say(table, "accreditation", text->str);
}

static void
say_capability(CnTableBuilder *table, const CnVocabulary *courses, const CnCapability *capability)
{
    g_autoptr(GString) text = g_string_new(cn_term(courses, capability->course)->id);
    if (capability->staff >= 0)
        g_string_append_printf(text, ", %" G_GINT64_FORMAT " trained", capability->staff);
    append_date(text, "on", capability->on);
    append_date(text, "until", capability->expires);
    say(table, "capability", text->str);
}

static void
say_standing(CnTableBuilder *table, const CnListing *listing, const CnListedProvider *provider)
{
    const CnVocabulary *courses = listing->reference->terms[CARENET_TERMS_COURSES];
    say(table, "status", cn_status_name((CnStatus)provider->status));
    if (provider->unconfirmed) {
        say(table, "verified", "unconfirmed - call");
    } else {
        char day[11];
        say_format(table, "verified", "%s by %s", cn_date_format(provider->verified_on, day),
                   cn_verified_by_name((CnVerifiedBy)provider->verified_by));
    }
    say_date(table, "listing consent", provider->listing_consent);
    say(table, "source", cn_listed_text(listing, provider->source_title));
    say(table, "source", cn_listed_text(listing, provider->source_url));
    say_date(table, "source date", provider->source_on);
    say_accreditation(table, listing, provider);
    CnSpan capabilities = cn_span_within(provider->capabilities, listing->capabilities_len);
    for (guint i = capabilities.first; i < capabilities.first + capabilities.len; i++)
        say_capability(table, courses, &listing->capabilities[i]);
}

static void
show_provider(CnTableBuilder *table, const CnListing *listing, guint at)
{
    const CnListedProvider *provider = &listing->providers[at];
    say(table, "provider", cn_listed_text(listing, provider->id));
    say(table, "name", cn_listed_text(listing, provider->name));
    say(table, "organization", cn_listed_text(listing, provider->organization_name));
    if (provider->example)
        say(table, "example", "invented for demonstration");
    say(table, "disclosure", cn_disclosure_name((CnDisclosure)provider->disclosure));
    say_place(table, listing, provider);
    say(table, "contact", cn_listed_text(listing, provider->contact));
    say(table, "phone", cn_listed_text(listing, provider->phone));
    say(table, "email", cn_listed_text(listing, provider->email));
    say_terms(table, listing, "languages", CARENET_TERMS_LANGUAGES, provider->languages);
    say_terms(table, listing, "access", CARENET_TERMS_ACCESS, provider->access);
    say_standing(table, listing, provider);
    CnSpan offerings = cn_span_within(provider->offerings, listing->offerings_len);
    for (guint i = 0; i < offerings.len; i++)
        show_offering(table, listing, offerings.first + i);
}

static gboolean
show_organization(CnTableBuilder *table, const CnListing *listing, const char *id)
{
    gboolean found = FALSE;
    for (guint i = 0; i < listing->providers_len; i++) {
        const CnListedProvider *provider = &listing->providers[i];
        if (g_strcmp0(cn_listed_text(listing, provider->organization), id) != 0)
            continue;
        if (!found) {
            say(table, "organization", id);
            say(table, "name", cn_listed_text(listing, provider->organization_name));
        }
        say_format(table, "provider", "%s %s", cn_listed_text(listing, provider->id),
                   cn_listed_text(listing, provider->name));
        found = TRUE;
    }
    return found;
}

static void
show_service(CnTableBuilder *table, const CnDirectory *directory, CnServiceId id)
{
    const CnReference *reference = directory->listing->reference;
    const CnService *service = cn_service(reference->taxonomy, id);
    say(table, "service", service->id);
    say(table, "name", service->name);
    if (service->parent != CN_SERVICE_NONE)
        say(table, "below", cn_service(reference->taxonomy, service->parent)->id);
    for (CnServiceId below = id + 1; below < service->end; below++)
        say(table, "covers", cn_service(reference->taxonomy, below)->id);
    say(table, "unit", cn_unit_name(service->unit));
    if (service->gate >= 0)
        say_format(table, "needs first", "%s",
                   cn_term(reference->terms[CARENET_TERMS_ASSESSMENTS], service->gate)->id);
    if (!service->routable)
        say(table, "routable", "no: decided by an authority, never proposed");
    say_format(table, "offerings", "%u at or below it", cn_index_count(&directory->index, id));
}

static void
show_area(CnTableBuilder *table, const CnDirectory *directory, CnAreaId id)
{
    const CnGazetteer *gazetteer = directory->listing->reference->gazetteer;
    const CnArea *area = cn_area(gazetteer, id);
    guint providers = 0;
    say(table, "area", area->code);
    say(table, "name", area->name);
    say(table, "level", cn_level_name(area->level));
    for (CnAreaId above = area->parent; above != CN_AREA_NONE;
         above = cn_area(gazetteer, above)->parent)
        say(table, "in", cn_area(gazetteer, above)->name);
    if (area->geographic_province != CN_AREA_NONE)
        say(table, "people look under", cn_area(gazetteer, area->geographic_province)->name);
    say(table, "island", cn_island_name(gazetteer, area->island));
    say_format(table, "population", "%" G_GINT64_FORMAT, area->population);
    for (guint i = 0; i < directory->listing->providers_len; i++)
        providers +=
            cn_area_contains(gazetteer, id, directory->listing->providers[i].area) != FALSE;
    say_format(table, "providers", "%u at or below it", providers);
}

static gboolean
show_listed(CnTableBuilder *table, const CnListing *listing, const char *id)
{
    gint provider = cn_listing_provider(listing, id);
    if (provider >= 0) {
        show_provider(table, listing, (guint)provider);
        return TRUE;
    }
    gint offering = cn_listing_offering(listing, id);
    if (offering >= 0) {
        const CnListedProvider *of = &listing->providers[listing->offerings[offering].provider];
        say_format(table, "provider", "%s %s", cn_listed_text(listing, of->id),
                   cn_listed_text(listing, of->name));
        if (of->status != CN_ACTIVE)
            say(table, "status", cn_status_name((CnStatus)of->status));
        show_offering(table, listing, (guint)offering);
        return TRUE;
    }
    return show_organization(table, listing, id);
}

carenet_table *
carenet_directory_show(const carenet_directory *directory, const char *id, carenet_error **error)
{
    CN_REQUIRE_GIVEN(directory, error, NULL);
    CN_REQUIRE_GIVEN(id, error, NULL);
    if (!cn_directory_complete(directory, error))
        return NULL;
    const CnReference *reference = directory->listing->reference;
    g_autoptr(GError) as_area = NULL;
    CnServiceId service = CN_SERVICE_NONE;
    CnAreaId area = CN_AREA_NONE;
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    if (show_listed(table, directory->listing, id))
        return cn_table_builder_finish(table);
    if (cn_service_resolve(reference->taxonomy, id, &service, NULL))
        show_service(table, directory, service);
    else if (cn_area_resolve(reference->gazetteer, id, &area, &as_area))
        show_area(table, directory, area);
    carenet_table *shown = cn_table_builder_finish(table);
    if (carenet_table_rows_len(shown) > 0)
        return shown;
    carenet_table_unref(shown);
    if (carenet_error_get_code(as_area) == CARENET_ERROR_INVALID_ARGUMENT) {
        cn_error_pass(error, g_steal_pointer(&as_area));
        return NULL;
    }
    g_autofree char *near_miss = cn_directory_did_you_mean(directory, id);
    g_autofree char *quoted = cn_text_quote(id);
    cn_error_set(error, CARENET_ERROR_NOT_FOUND,
                 "there is no provider, offering, organization, service or area \"%s\"", quoted);
    cn_error_hint(error, "%s", near_miss != NULL ? near_miss : "carenet find lists providers");
    return NULL;
}
