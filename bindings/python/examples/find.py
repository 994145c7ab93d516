# %% [markdown]
# # Who can help?
#
# The shipped directory is a demonstration: its providers are invented. `cn.open("network.db")` opens a
# network of your own; everything below stays the same.

# %%
import carenet as cn

net = cn.open()
directory = net.directory()
print(directory)

# %% [markdown]
# One question. A region stands for everything below it, a service for everything below it.

# %%
rows = directory.find(region="mindanao", service="mental-health")
frame = rows.to_pandas()
print(frame[["provider", "service", "place", "free", "total", "wait_days"]].head(5).to_string())

# %% [markdown]
# A data frame can be asked further: free places and the shortest wait by service.

# %%
by_service = (
    frame.groupby("service")
    .agg(offerings=("offering", "count"), free=("free", "sum"), wait_days=("wait_days", "min"))
    .sort_values("free", ascending=False)
)
print(by_service.to_string())

# %% [markdown]
# For somebody in particular: near, in a language, within two hours. Nobody found would be a frame
# without rows, never an error.

# %%
near = directory.find(
    service="mental-health", near="Cagayan de Oro", within="2h", age=15, language="ceb", sort="wait"
)
for row in near[:3]:
    print(row["provider"], row["service"], row["travel_min"], "min,", row["wait_days"], "days")

# %% [markdown]
# And why is one of them not there?

# %%
for row in directory.why_not(
    "ex-car-016/trauma-therapy", near="Cagayan de Oro", within="2h", service="mental-health"
):
    print(row["reason"], "-", row["detail"])

# %% [markdown]
# The same table goes to polars or DuckDB as it is.

# %%
import duckdb

providers = directory.find()
most = duckdb.sql(
    "select organization, count(*) as offerings from providers group by 1 order by 2 desc, 1 limit 3"
)
for organization, offerings in most.fetchall():
    print(offerings, organization)
