/* Routes two survivors together, checks the plan and prints it. */
#include <carenet/carenet.h>
#include <stdio.h>

static carenet_cases *
read_cases(carenet_reference *reference, carenet_error **error)
{
    static const char list[] = "ref,area,age,sex,languages,urgency,needs\n"
                               "C-1,Cagayan de Oro,15,female,ceb,urgent,trauma-therapy\n"
                               "C-2,Iligan,9,male,ceb,routine,individual-counseling\n";
    return carenet_cases_read(reference, list, sizeof list - 1, "list.csv", NULL, NULL, error);
}

static carenet_plan *
make_plan(carenet_directory *directory,
          carenet_policy *policy,
          carenet_cases *cases,
          carenet_error **error)
{
    carenet_plan *plan = NULL;
    carenet_batch_options run;
    carenet_batch_options_init(&run);
    run.now_s = carenet_directory_demonstration_now(directory);
    run.threads = 2;
    return carenet_batch(directory, policy, cases, &run, &plan, error) ? plan : NULL;
}

static void
print_plan(const carenet_plan *plan)
{
    carenet_table *rows = carenet_plan_table(plan, CARENET_PLAN_ASSIGNMENTS);
    for (size_t i = 0; i < carenet_table_rows_len(rows); i++)
        printf("%s: %s\n", carenet_table_get_text(rows, i, 0), carenet_table_get_text(rows, i, 4));
    printf("%s\n", carenet_plan_get_status(plan) == CARENET_PLAN_OPTIMAL ? "optimal" : "feasible");
    carenet_table_unref(rows);
}

int
main(void)
{
    carenet_error *error = NULL;
    carenet_reference *reference = carenet_reference_open(NULL, &error);
    carenet_directory *directory =
        reference != NULL ? carenet_directory_demonstration(reference, &error) : NULL;
    carenet_policy *policy =
        directory != NULL ? carenet_policy_load(reference, NULL, NULL, &error) : NULL;
    carenet_cases *cases = policy != NULL ? read_cases(reference, &error) : NULL;
    carenet_plan *plan = cases != NULL ? make_plan(directory, policy, cases, &error) : NULL;
    carenet_table *found =
        plan != NULL ? carenet_plan_check(plan, directory, policy, cases, NULL, &error) : NULL;
    int status = 1;
    if (found != NULL) {
        print_plan(plan);
        status = carenet_table_get_bool(found, carenet_table_rows_len(found) - 1, 1) ? 0 : 1;
    } else {
        fprintf(stderr, "%s\n", carenet_error_get_message(error));
        carenet_error_free(error);
    }
    carenet_table_unref(found);
    carenet_plan_unref(plan);
    carenet_cases_unref(cases);
    carenet_policy_unref(policy);
    carenet_directory_unref(directory);
    carenet_reference_unref(reference);
    return status;
}
