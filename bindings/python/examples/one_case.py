# %% [markdown]
# # Who can take this case?
#
# A case is an opaque reference and facts; never a name. carenet proposes, a case conference decides.

# %%
import carenet as cn

directory = cn.open().directory()
case = cn.Case(
    "C-2041",
    needs=["emergency-shelter@emergency", "trauma-therapy", "survivor-legal-representation"],
    area="Cagayan de Oro",
    age=15,
    sex="female",
    languages=["ceb"],
)
print(case)

# %%
routes = directory.route(case, top=3)
for service, choice in routes.choice.items():
    if choice is None:
        print(f"{service}: nobody can take it")
    else:
        reach = choice.travel_band if choice.travel_min is None else f"{choice.travel_min} min"
        print(f"{service}: {choice.provider}, {reach}, wait {choice.wait_days} days")

# %% [markdown]
# Every cost is the sum of its lines, and every refusal names the first rule that is broken.

# %%
therapy = routes.choice["trauma-therapy"]
assert therapy is not None
print(dict(therapy.lines), "=", therapy.cost)
print(routes.explain())

# %% [markdown]
# How far each need got, as a frame.

# %%
needs = routes.needs.to_pandas()
print(needs[["service", "offered", "eligible", "reachable", "free", "unmet"]].to_string())

# %% [markdown]
# Why not the provider that somebody expected?

# %%
for row in routes.why_not("ex-nmn-015"):
    if row["need"] == 2:
        print(row["offering"], "-", row["reason"], "-", row["detail"])

# %% [markdown]
# A whole list in a data frame is routed one by one with the same call.

# %%
import pandas as pd

intake = pd.DataFrame(
    {
        "ref": ["C-1", "C-2", "C-3"],
        "area": ["Iligan", "Butuan", "Surigao"],
        "age": [9, 16, None],
        "sex": ["male", "female", "unstated"],
        "needs": ["emergency-shelter", "trauma-therapy;legal-assistance@urgent", "mental-health"],
    }
)
answers = directory.route(intake, top=1)
ranked = answers.ranked.to_pandas()
print(ranked[["case", "service", "provider", "cost"]].to_string())
