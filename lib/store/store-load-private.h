/* What the files that read a network share. */
#pragma once

#include "store/store-private.h"

/* Where an offering stands: in the list of its provider, which may still grow. */
typedef struct {
    CnProvider *provider;
    guint at;
    gboolean open;
} CnLoadPlace;

/* A table is read whole, or what it has of one provider or one offering. */
typedef struct {
    CnSql all, of_one; /* the second with the parameter :one */
} CnLoadTable;
#define CN_LOAD_TABLE(name, columns, one, order, map)                                      \
    {                                                                                      \
        {name, columns " WHERE network_id = :network_id " order, map},                     \
        {                                                                                  \
            name, columns " WHERE network_id = :network_id AND " one " = :one " order, map \
        }                                                                                  \
    }

typedef struct {
    carenet_store *store;
    CnNetwork *network;
    const char *provider, *offering; /* all that is read; NULL: everything */
    GHashTable *closed;              /* nullable; see cn_store_load() */
    GArray *offerings;               /* (element-type CnLoadPlace) of all offerings, by id */
    guint closed_len;                /* how many of them are closed */
    guint provider_at;               /* where the last search ended */
    guint offering_at;
    guint sites;
} CnLoad;

/* Calls @read for each row; of a table, where @one is not NULL, for the rows of that one. */
typedef gboolean (*CnReadLoad)(CnLoad *load, CnStatement *row, GError **error);
gboolean cn_load_rows(CnLoad *load, const CnSql *sql, CnReadLoad read, GError **error);
gboolean cn_load_table(CnLoad *load,
                       const CnLoadTable *table,
                       const char *one,
                       CnReadLoad read,
                       GError **error);
/* Returns FALSE: the row is not one that we wrote. */
gboolean cn_load_damaged(CnLoad *load, const CnStatement *row, GError **error);
/* Finds @id in an ascending list: at the cursor, not far behind it, or by halving. */
gboolean cn_load_seek(gconstpointer list,
                      guint len,
                      const char *(*id_at)(gconstpointer list, guint i),
                      const char *id,
                      guint *cursor);
/* The provider that column 0 names. */
CnProvider *cn_load_owner(CnLoad *load, CnStatement *row, GError **error);

/* Those of all providers, or the one offering, with what hangs on them. */
gboolean cn_load_offerings(CnLoad *load, GError **error);
