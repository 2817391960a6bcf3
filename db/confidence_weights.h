#pragma once
/* Made by tests/bench/fit_confidence.py from 568 labelled questions; do not edit.
 * Weights of a logistic regression over SearchFeature. */
/* clang-format off */
static const double confidence_weights[FEATURE_COUNT] = {
    [FEATURE_ONE] = -2.6801,
    [FEATURE_SCORE_BY_LENGTH] = 0.0091,
    [FEATURE_LOG_SCORE] = 0.3640,
    [FEATURE_LEAD] = 3.5372,
    [FEATURE_COVERED_TERMS] = -1.3523,
    [FEATURE_COVERED_CHARS] = 3.1460,
    [FEATURE_COVERED_SOUNDS] = 2.4661,
    [FEATURE_NAME_LENGTH] = 0.3083,
    [FEATURE_NAME_SCORE] = -0.3238,
    [FEATURE_NAMED] = 1.3217,
    [FEATURE_COMMON_RUN] = -1.6031,
    [FEATURE_LATIN] = -0.2005,
    [FEATURE_LATIN_SOUNDS] = 0.8172,
    [FEATURE_OTHER_OFFICE] = -2.8947,
    [FEATURE_OTHER_SCORE] = -4.9812,
};
