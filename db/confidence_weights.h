#pragma once
/* Made by tests/bench/fit_confidence.py from 326 labelled questions; do not edit.
 * Weights of a logistic regression over SearchFeature. */
/* clang-format off */
static const double confidence_weights[FEATURE_COUNT] = {
    [FEATURE_ONE] = -6.2863,
    [FEATURE_SCORE_BY_LENGTH] = 0.0440,
    [FEATURE_LOG_SCORE] = 0.6760,
    [FEATURE_LEAD] = 2.9711,
    [FEATURE_COVERED_TERMS] = -0.9210,
    [FEATURE_COVERED_CHARS] = 3.0925,
    [FEATURE_COVERED_SOUNDS] = 2.4472,
    [FEATURE_NAME_LENGTH] = 1.7296,
    [FEATURE_COMMON_RUN] = 0.6188,
    [FEATURE_LATIN] = 0.2608,
    [FEATURE_LATIN_SOUNDS] = 0.4870,
    [FEATURE_OTHER_PLACE] = -5.2466,
    [FEATURE_OTHER_OFFICE] = -0.9853,
};
