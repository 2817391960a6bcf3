#pragma once
/* Made by tests/bench/fit_confidence.py from 568 labelled questions; do not edit.
 * Weights of a logistic regression over SearchFeature. */
/* clang-format off */
static const double confidence_weights[FEATURE_COUNT] = {
    [FEATURE_ONE] = -2.5223,
    [FEATURE_SCORE_BY_LENGTH] = 0.0190,
    [FEATURE_LOG_SCORE] = 0.4210,
    [FEATURE_LEAD] = 2.1573,
    [FEATURE_COVERED_TERMS] = -1.3043,
    [FEATURE_COVERED_CHARS] = 2.6507,
    [FEATURE_COVERED_SOUNDS] = 2.3005,
    [FEATURE_NAME_LENGTH] = 0.1912,
    [FEATURE_NAME_SCORE] = -0.1748,
    [FEATURE_NAMED] = 1.2710,
    [FEATURE_COMMON_RUN] = -0.8968,
    [FEATURE_LATIN] = -0.1061,
    [FEATURE_LATIN_SOUNDS] = 0.9423,
    [FEATURE_OTHER_OFFICE] = -2.1953,
    [FEATURE_OTHER_SCORE] = -6.0104,
};
