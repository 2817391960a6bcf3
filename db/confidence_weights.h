#pragma once
/* Made by tests/bench/fit_confidence.py from 568 labelled questions; do not edit.
 * Weights of a logistic regression over SearchFeature. */
/* clang-format off */
static const double confidence_weights[FEATURE_COUNT] = {
    [FEATURE_ONE] = -2.5088,
    [FEATURE_SCORE_BY_LENGTH] = 0.0192,
    [FEATURE_LOG_SCORE] = 0.4211,
    [FEATURE_LEAD] = 2.1795,
    [FEATURE_COVERED_TERMS] = -1.3112,
    [FEATURE_COVERED_CHARS] = 2.6300,
    [FEATURE_COVERED_SOUNDS] = 2.2837,
    [FEATURE_NAME_LENGTH] = 0.1852,
    [FEATURE_NAME_SCORE] = -0.1799,
    [FEATURE_NAMED] = 1.2968,
    [FEATURE_COMMON_RUN] = -0.8945,
    [FEATURE_LATIN] = -0.1208,
    [FEATURE_LATIN_SOUNDS] = 0.9578,
    [FEATURE_OTHER_OFFICE] = -2.2617,
    [FEATURE_OTHER_SCORE] = -5.9854,
};
