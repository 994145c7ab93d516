/* Whom nobody takes: the ages, by sex, and the groups that no offering of a service accepts. The hard
 * rules of routing are asked, not the fields that they read. */
#include "routing/reach.h"

#define ALL_AGES (((guint32)1 << CN_CHILD_AGES) - 1)

static const CnSex sexes[] = {CN_SEX_FEMALE, CN_SEX_MALE};

/* ---- What one offering takes. */

/* Who belongs to no group that matters. Returns whether a child of some group may be taken. */
static gboolean
note_ages(CnTaken *taken, CnQuestion *asked, CnCase *person, const CnCandidate *candidate)
{
    gboolean any = FALSE;
    for (guint sex = 0; sex < G_N_ELEMENTS(sexes); sex++) {
        person->sex = sexes[sex];
        for (gint16 age = 0; age < CN_CHILD_AGES; age++) {
            person->age_min = person->age_max = age;
            if (cn_rules_first_broken(asked, candidate,
                                      CN_RULE_BIT(CN_RULE_AGE) | CN_RULE_BIT(CN_RULE_SEX)) !=
                CN_RULE_NONE)
                continue;
            any = TRUE;
            if (cn_rules_first_broken(asked, candidate, CN_RULE_BIT(CN_RULE_GROUP)) == CN_RULE_NONE)
                taken->ages[sex] |= (guint32)1 << age;
        }
    }
    return any;
}

CnTaken
cn_taken_by(const CnQuestion *question, const CnCandidate *candidate)
{
    const CnVocabulary *groups = question->listing->reference->terms[CARENET_TERMS_GROUPS];
    CnTaken taken = {{0, 0}, {{0, 0}}};
    CnCase person = *question->person;
    CnQuestion asked = *question;
    asked.person = &person;
    if (!note_ages(&taken, &asked, &person, candidate))
        return taken;
    for (guint group = 0; group < cn_vocabulary_len(groups); group++) {
        person.groups = (CnTermSet){{0, 0}};
        cn_term_set_add(&person.groups, (gint)group);
        if (cn_rules_first_broken(&asked, candidate,
                                  CN_RULE_BIT(CN_RULE_GROUP) | CN_RULE_BIT(CN_RULE_NOT_FOR)) ==
            CN_RULE_NONE)
            cn_term_set_add(&taken.groups, (gint)group);
    }
    return taken;
}

/* ---- In words. */

/* "boys", "boys under 7", "boys over 12", "boys of 9", "boys of 9 to 11" */
static char *
name_ages(const char *who, gint first, gint last)
{
    if (first == 0 && last == CN_CHILD_AGES - 1)
        return g_strdup(who);
    if (first == 0)
        return g_strdup_printf("%s under %d", who, last + 1);
    if (last == CN_CHILD_AGES - 1)
        return g_strdup_printf("%s over %d", who, first - 1);
    if (first == last)
        return g_strdup_printf("%s of %d", who, first);
    return g_strdup_printf("%s of %d to %d", who, first, last);
}

/* The run of set bits that begins at @first, where one begins there; its last one, else -1. */
static gint
find_run(guint32 ages, gint first)
{
    gint last = first;
    if ((ages >> first & 1) == 0 || (first > 0 && (ages >> (first - 1) & 1) != 0))
        return -1;
    while (last + 1 < CN_CHILD_AGES && (ages >> (last + 1) & 1) != 0)
        last++;
    return last;
}

static void
name_runs(GPtrArray *names, guint32 girls, guint32 boys)
{
    for (gint first = 0; first < CN_CHILD_AGES; first++) {
        const gint girls_last = find_run(girls, first), boys_last = find_run(boys, first);
        if (girls_last == boys_last && girls_last >= 0) {
            g_ptr_array_add(names, name_ages("children", first, girls_last));
            continue;
        }
        if (girls_last >= 0)
            g_ptr_array_add(names, name_ages("girls", first, girls_last));
        if (boys_last >= 0)
            g_ptr_array_add(names, name_ages("boys", first, boys_last));
    }
}

/* Every offering is for members of groups only. */
static char *
name_outside(const CnVocabulary *groups, CnTermSet taken)
{
    GString *text = g_string_new("children who are not");
    const gsize empty = text->len;
    for (guint group = 0; group < cn_vocabulary_len(groups); group++)
        if (cn_term_set_has(taken, (gint)group))
            g_string_append_printf(text, "%s \"%s\"", text->len > empty ? " or" : "",
                                   cn_term(groups, (gint)group)->name);
    return g_string_free(text, FALSE);
}

GPtrArray *
cn_reach_nobody(const CnReachCell *cell, const CnVocabulary *groups)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const CnTaken *taken = &cell->taken;
    if (cell->offerings == 0) {
        g_ptr_array_add(names, g_strdup("anybody"));
        return names;
    }
    if ((taken->ages[0] | taken->ages[1]) == 0) {
        /* Where no child is taken at all, it is a service for others. */
        g_ptr_array_add(names, cn_term_set_is_empty(taken->groups)
                                   ? g_strdup("children")
                                   : name_outside(groups, taken->groups));
        return names;
    }
    name_runs(names, ALL_AGES & ~taken->ages[0], ALL_AGES & ~taken->ages[1]);
    for (guint group = 0; group < cn_vocabulary_len(groups); group++)
        if (!cn_term_set_has(taken->groups, (gint)group))
            g_ptr_array_add(names, g_strdup(cn_term(groups, (gint)group)->name));
    return names;
}
