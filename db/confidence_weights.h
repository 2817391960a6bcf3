#pragma once
/* Made by tests/bench/fit_confidence.py from 326 labelled questions; do not edit.
 * Weights of a logistic regression over SearchFeature. */
/* clang-format off */
static const double confidence_weights[FEATURE_COUNT] = {
    [FEATURE_ONE] = -5.4549,
    [FEATURE_SCORE_BY_LENGTH] = 0.0439,
    [FEATURE_LOG_SCORE] = 0.5610,
    [FEATURE_LEAD] = 2.8145,
    [FEATURE_COVERED_TERMS] = -1.1650,
    [FEATURE_COVERED_CHARS] = 3.0776,
    [FEATURE_COVERED_SOUNDS] = 2.2757,
    [FEATURE_NAME_LENGTH] = 1.5690,
    [FEATURE_COMMON_RUN] = 0.6473,
    [FEATURE_LATIN] = 0.1496,
    [FEATURE_LATIN_SOUNDS] = 0.5761,
    [FEATURE_OTHER_PLACE] = -5.0805,
    [FEATURE_OTHER_OFFICE] = -2.2747,
};
