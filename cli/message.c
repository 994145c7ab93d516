#include "message.h"

#include "output.h"

#include <libintl.h>
#include <locale.h>
#include <string.h>

#define DOMAIN "carenet"

/* What stands behind --lang, or NULL. */
static const char *
find_language(char **words)
{
    const char *language = NULL;
    for (gsize i = 0; words[i] != NULL && strcmp(words[i], "--") != 0; i++) {
        if (g_str_has_prefix(words[i], "--lang="))
            language = words[i] + strlen("--lang=");
        else if (strcmp(words[i], "--lang") == 0 && words[i + 1] != NULL)
            language = words[i + 1];
    }
    return language;
}

/* It becomes the name of a folder. */
static gboolean
is_language(const char *text)
{
    for (const char *p = text; *p != '\0'; p++)
        if (!g_ascii_isalnum(*p) && strchr("_-@", *p) == NULL)
            return FALSE;
    return *text != '\0';
}

/* gettext looks at LANGUAGE in every locale but the one called "C". */
static gboolean
use_catalogue(const char *folder, const char *language)
{
    static const char *const locales[] = {"", "C.UTF-8", "C.utf8", "en_US.UTF-8"};
    g_autofree char *file = g_strconcat(DOMAIN, ".mo", NULL);
    g_autofree char *path = g_build_filename(folder, language, "LC_MESSAGES", file, NULL);
    const char *chosen = NULL;
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(locales); i++) {
        chosen = setlocale(LC_MESSAGES, locales[i]);
        if (chosen != NULL && strcmp(chosen, "C") != 0 && strcmp(chosen, "POSIX") != 0)
            break;
    }
    return g_setenv("LANGUAGE", language, TRUE) && bindtextdomain(DOMAIN, folder) != NULL &&
           bind_textdomain_codeset(DOMAIN, "UTF-8") != NULL;
}

void
cli_language_choose(char **words)
{
    const char *language = find_language(words);
    if (language == NULL || strcmp(language, "en") == 0)
        return;
    Cli cli = {0};
    g_autofree char *folder = g_build_filename(cli_data_dir(&cli), "locale", NULL);
    if (!is_language(language) || !use_catalogue(folder, language))
        cli_say("there is no translation into \"%s\"; the messages stay English", language);
    cli_clear(&cli);
}

const char *
cli_translate(const char *text)
{
    /* The empty text is the head of the catalogue. */
    return *text != '\0' ? dgettext(DOMAIN, text) : text;
}
