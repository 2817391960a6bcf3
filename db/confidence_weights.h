#pragma once
/* Made by tests/bench/fit_confidence.py from 326 labelled questions; do not edit.
 * Weights of a logistic regression over SearchFeature. */
/* clang-format off */
static const double confidence_weights[FEATURE_COUNT] = {
    [FEATURE_ONE] = -4.9875,
    [FEATURE_SCORE_BY_LENGTH] = 0.0507,
    [FEATURE_LOG_SCORE] = 0.9116,
    [FEATURE_LEAD] = 1.4942,
    [FEATURE_COVERED_TERMS] = -0.5039,
    [FEATURE_COVERED_CHARS] = 2.1900,
    [FEATURE_COVERED_SOUNDS] = 2.4488,
    [FEATURE_NAME_LENGTH] = 0.6291,
    [FEATURE_COMMON_RUN] = 0.0263,
    [FEATURE_LATIN] = -0.0012,
    [FEATURE_LATIN_SOUNDS] = 0.7243,
    [FEATURE_OTHER_PLACE] = -4.5408,
    [FEATURE_OTHER_OFFICE] = -1.4245,
};
