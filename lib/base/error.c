#include "base/error.h"

typedef struct {
    char *file;
    char *hint;
    guint line;
    guint column;
} CnErrorPrivate;

static void
cn_error_private_init(CnErrorPrivate *priv)
{
    (void)priv;
}

static void
cn_error_private_copy(const CnErrorPrivate *src, CnErrorPrivate *dest)
{
    g_assert(src != NULL && dest != NULL);
    dest->file = g_strdup(src->file);
    dest->hint = g_strdup(src->hint);
    dest->line = src->line;
    dest->column = src->column;
}

static void
cn_error_private_clear(CnErrorPrivate *priv)
{
    g_assert(priv != NULL);
    g_free(priv->file);
    g_free(priv->hint);
}

G_DEFINE_EXTENDED_ERROR(CnError, cn_error)

/* The committed table: code -> name and exit status. Numbers never change meaning. */
static const struct {
    carenet_error_code code;
    const char *name;
    int exit_status;
} codes[] = {
    {CARENET_ERROR_INVALID_ARGUMENT, "invalid-argument", 2},
    {CARENET_ERROR_NOT_FOUND, "not-found", 2},
    {CARENET_ERROR_INVALID_DATA, "invalid-data", 2},
    {CARENET_ERROR_PARSE, "parse", 2},
    {CARENET_ERROR_CONFLICT, "conflict", 3},
    {CARENET_ERROR_STATE, "state", 3},
    {CARENET_ERROR_REFUSED, "refused", 4},
    {CARENET_ERROR_CAPACITY, "capacity", 3},
    {CARENET_ERROR_BUSY, "busy", 5},
    {CARENET_ERROR_IO, "io", 2},
    {CARENET_ERROR_STORAGE, "storage", 5},
    {CARENET_ERROR_CORRUPT, "corrupt", 5},
    {CARENET_ERROR_VERSION, "version", 5},
    {CARENET_ERROR_TOO_LARGE, "too-large", 2},
    {CARENET_ERROR_UNSUPPORTED, "unsupported", 2},
    {CARENET_ERROR_INTERNAL, "internal", 70},
};

/* A path, or what a program gave for a name, need not be UTF-8; what we say is. */
static char *say(const char *format, va_list args) G_GNUC_PRINTF(1, 0);
static void set(GError **error, carenet_error_code code, const char *format, va_list args)
    G_GNUC_PRINTF(3, 0);

static char *
say(const char *format, va_list args)
{
    char *said = g_strdup_vprintf(format, args);
    if (g_utf8_validate(said, -1, NULL))
        return said;
    char *valid = g_utf8_make_valid(said, -1);
    g_free(said);
    return valid;
}

static void
set(GError **error, carenet_error_code code, const char *format, va_list args)
{
    g_autofree char *message = say(format, args);
    g_clear_error(error);
    *error = g_error_new_literal(CN_ERROR, (gint)code, message);
}

void
cn_error_set(GError **error, carenet_error_code code, const char *format, ...)
{
    va_list args;
    if (error == NULL)
        return;
    va_start(args, format);
    set(error, code, format, args);
    va_end(args);
}

void
cn_error_set_at(GError **error,
                carenet_error_code code,
                const char *file,
                guint line,
                guint column,
                const char *format,
                ...)
{
    va_list args;
    if (error == NULL)
        return;
    va_start(args, format);
    set(error, code, format, args);
    va_end(args);
    CnErrorPrivate *priv = cn_error_get_private(*error);
    g_assert(priv != NULL);
    priv->file = g_strdup(file);
    priv->line = line;
    priv->column = column;
}

void
cn_error_hint(GError **error, const char *format, ...)
{
    if (error == NULL || *error == NULL || (*error)->domain != CN_ERROR)
        return;
    CnErrorPrivate *priv = cn_error_get_private(*error);
    g_assert(priv != NULL);
    va_list args;
    va_start(args, format);
    g_free(priv->hint);
    priv->hint = say(format, args);
    va_end(args);
}

void
cn_error_pass(GError **error, GError *cause)
{
    g_clear_error(error);
    g_propagate_error(error, cause);
}

void
cn_error_from_file(GError **error, const GError *cause, const char *path)
{
    if (g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
        cn_error_set_at(error, CARENET_ERROR_IO, path, 0, 0, "there is no file %s", path);
        cn_error_hint(error, "check the path");
    } else if (g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_ACCES)) {
        cn_error_set_at(error, CARENET_ERROR_IO, path, 0, 0, "no permission to read %s", path);
        cn_error_hint(error, "ask its owner for it");
    } else if (g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_ISDIR)) {
        cn_error_set_at(error, CARENET_ERROR_IO, path, 0, 0, "%s is a folder", path);
        cn_error_hint(error, "name the files in it");
    } else {
        cn_error_set_at(error, CARENET_ERROR_IO, path, 0, 0, "%s", cause->message);
        cn_error_hint(error, "check the path and the disk");
    }
}

gboolean
cn_texts_are_given(const char *const *texts, gsize len)
{
    for (gsize i = 0; i < len; i++)
        if (texts == NULL || texts[i] == NULL)
            return FALSE;
    return TRUE;
}

gboolean
cn_adopt(gconstpointer given, gpointer own, gsize size, const char *call, GError **error)
{
    gsize known = size;
    if (given == NULL)
        return TRUE;
    memcpy(&known, given, sizeof known);
    /* Structs grow by whole words: what ends within one is the size of no release. */
    if (known <= sizeof known || known > size || known % sizeof known != 0)
        return cn_error_argument(error, call,
                                 "the size of a struct is not what its ..._init() sets");
    memcpy(own, given, known);
    memcpy(own, &size, sizeof size);
    return TRUE;
}

gboolean
cn_error_argument(GError **error, const char *call, const char *what)
{
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "%s(): %s", call, what);
    return FALSE;
}

gboolean
cn_error_missing(GError **error, const char *call, const char *argument)
{
    if (error == NULL || *error == NULL)
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "%s(): %s is NULL", call, argument);
    return FALSE;
}

static const CnErrorPrivate *
private_of(const carenet_error *error)
{
    if (error == NULL || error->domain != CN_ERROR)
        return NULL;
    return cn_error_get_private(error);
}

carenet_error_code
carenet_error_get_code(const carenet_error *error)
{
    if (error == NULL || error->domain != CN_ERROR)
        return CARENET_ERROR_INTERNAL;
    return (carenet_error_code)error->code;
}

const char *
carenet_error_get_message(const carenet_error *error)
{
    return error != NULL ? error->message : "";
}

const char *
carenet_error_get_hint(const carenet_error *error)
{
    const CnErrorPrivate *priv = private_of(error);
    return priv != NULL ? priv->hint : NULL;
}

const char *
carenet_error_get_file(const carenet_error *error)
{
    const CnErrorPrivate *priv = private_of(error);
    return priv != NULL ? priv->file : NULL;
}

uint32_t
carenet_error_get_line(const carenet_error *error)
{
    const CnErrorPrivate *priv = private_of(error);
    return priv != NULL ? priv->line : 0;
}

uint32_t
carenet_error_get_column(const carenet_error *error)
{
    const CnErrorPrivate *priv = private_of(error);
    return priv != NULL ? priv->column : 0;
}

const char *
carenet_error_code_name(carenet_error_code code)
{
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
        if (codes[i].code == code)
            return codes[i].name;
    return "internal";
}

int
carenet_error_code_exit_status(carenet_error_code code)
{
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
        if (codes[i].code == code)
            return codes[i].exit_status;
    return 70;
}

void
carenet_error_free(carenet_error *error)
{
    if (error != NULL)
        g_error_free(error);
}

void
carenet_error_clear(carenet_error **error)
{
    g_clear_error(error);
}

void
carenet_free(void *memory)
{
    g_free(memory);
}
