# %% [markdown]
# # Own travel times, costs and refusals
#
# Who has a road network, a table of ferries or a rule of the house need not live with the model of the
# library. A plug-in is asked once for each place where a survivor is, about all offerings at once, with
# numpy arrays; never once a pair.

# %%
import numpy as np
import pandas as pd

import carenet as cn

directory = cn.open().directory()
case = cn.Case("C-1", needs=["trauma-therapy"], area="Cagayan de Oro", age=15, sex="female")
for row in directory.route(case, top=3).ranked:
    print(row["offering"], row["travel_min"], "min, cost", row["cost"])


# %% [markdown]
# Minutes by road: here 25 km/h on roads that are half as long again as the straight line, and no way
# beyond 300 km. In earnest this would be a row of a matrix, looked up by `origin.area` and `to.area`.

# %%
def road(origin: cn.Origin, to: cn.Destinations) -> np.ndarray:
    north = (to.lat_deg - origin.lat_deg) * 111.2
    east = (to.lon_deg - origin.lon_deg) * 111.2 * np.cos(np.radians(origin.lat_deg))
    km = np.hypot(north, east) * 1.5
    return np.where(km > 300, np.inf, km / 25 * 60)


# %% [markdown]
# A score may only add to the cost, a filter may only remove. Both are told of the minutes that are in use;
# -1 is no way.

# %%
def dark(origin: cn.Origin, to: cn.Destinations) -> np.ndarray:
    return np.where(to.travel_min > 120, 30, 0)


def beyond(origin: cn.Origin, to: cn.Destinations) -> np.ndarray:
    return (to.travel_min < 0) | (to.travel_min > 8 * 60)


policy = cn.Policy.load().with_plugins(
    cn.Plugin("roads-2026-10", travel=road),
    cn.Plugin("after-dark", score=dark),
    cn.Plugin("one-day", filter=beyond, reason="nobody drives a child longer than a day"),
)
print(policy.id)

# %%
routes = directory.route(case, policy=policy, top=3)
for row in routes.ranked:
    print(row["offering"], row["travel_min"], "min, cost", row["cost"])
print(dict(routes.choice["trauma-therapy"].lines))
for row in routes.refused:
    if row["reason"] == "plug-in":
        print(row["offering"], "-", row["detail"])

# %% [markdown]
# A whole intake list goes the same way. The plan remembers the names of the plug-ins: it can be checked
# with them, and only with them.

# %%
intake = pd.DataFrame(
    {
        "ref": [f"L-{i}" for i in range(6)],
        "area": ["Iligan", "Cagayan de Oro", "Butuan", "Iligan", "Valencia", "Surigao"],
        "age": [15, 12, 9, 16, 14, 13],
        "sex": ["female", "male", "female", "male", "female", "male"],
        "needs": "trauma-therapy",
    }
)
plan = directory.route_batch(intake, policy=policy)
print(plan)
print(plan.assignments.to_pandas()[["case", "offering", "cost"]].to_string())
print([row["check"] for row in plan.check() if not row["ok"]])
refused = plan.check(directory, intake, policy=cn.Policy.load())
print(refused["check"][-1], refused["ok"][-1], "-", refused["detail"][-1])
