#pragma once
/* Where to ask what is not ours: national hotlines that anybody may ring. Never NULL. */
const char *redirect_for(const char *folded);

/* The word of `folded` that says so ("公积金"), or NULL. Free with g_free(). */
char *redirect_word(const char *folded);
