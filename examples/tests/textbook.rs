//! The derivatives of the textbook problems are their closed forms.

use examples::textbook::problems;

#[test]
fn all_problems() {
    let problems = problems();
    assert!(problems.len() > 30);
    for problem in &problems {
        let difference = problem.difference();
        let (id, function) = (problem.id, problem.function);
        assert!(
            problem
                .generated
                .iter()
                .chain(&problem.closed)
                .all(|x| x.is_finite()),
            "{id}: {function}"
        );
        assert!(difference < 1e-12, "{id}: {function} is {difference:e} off");
    }
}
