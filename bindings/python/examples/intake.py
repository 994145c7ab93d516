# %% [markdown]
# # A year's intake, all at once
#
# Everybody of a list is routed together: fewest unmet emergency needs first, then urgent, then routine,
# then least cost. The answer is proven, and nothing is reserved: it is a proposal for a conference.

# %%
import random

import pandas as pd

import carenet as cn

rng = random.Random(2026)
towns = ["Cagayan de Oro", "Iligan", "Butuan", "Surigao", "Cebu City", "Manila"]
intake = pd.DataFrame(
    {
        "ref": [f"C-{i:04d}" for i in range(200)],
        "area": rng.choices(towns, weights=[5, 3, 3, 1, 4, 6], k=200),
        "age": rng.choices(range(6, 18), k=200),
        "sex": rng.choices(["female", "male"], weights=[4, 1], k=200),
        "languages": rng.choices(["ceb", "fil;ceb", "fil"], k=200),
        "urgency": rng.choices(["emergency", "urgent", "routine"], weights=[1, 3, 6], k=200),
        "needs": rng.choices(
            ["trauma-therapy", "emergency-shelter;trauma-therapy", "individual-counseling"], k=200
        ),
    }
)
directory = cn.open().directory()
plan = directory.route_batch(intake, threads=2)
print(plan)
print(plan.objective)

# %% [markdown]
# Anybody can prove it anew from the plan, the directory and the cases.

# %%
print(all(plan.check()["ok"]))

# %% [markdown]
# Why some needs stay unmet, and where one more place would help.

# %%
unmet = plan.unmet.to_pandas()
print(unmet.groupby(["service", "reason"])["units"].sum().to_string())

# %%
gaps = plan.gaps(top=3).to_pandas()
columns = ["service", "region", "needed", "placed", "unmet", "placed_by_one"]
print(gaps[columns].head(5).to_string())

# %% [markdown]
# What if? Five more places where a place is dearest.

# %%
dearest = max(plan.prices, key=lambda row: (row["price"], row["offering"]))["offering"]
more = directory.with_capacity({dearest: +5}).route_batch(intake)
print(dearest, plan.objective, "->", more.objective)
changed = cn.compare(plan, more).to_pandas()
print(changed["change"].value_counts().sort_index().to_string())

# %% [markdown]
# Pictures. Restricted sites are never points.

# %%
for name in ("coverage", "heatmap", "utilisation", "flow", "waits"):
    axes = getattr(plan.plot, name)()
    print(name, "-", axes.get_title())
