#pragma once
/* A conversation with whoever checks and publishes (db/update_serve.h): through the system's socket
 * (bianmin-update.socket), or, with a folder, with a child of our own. Asynchronous, on the default
 * main context; one request at a time is answered by one or more replies. */
#include <json-glib/json-glib.h>

typedef struct UpdateLink UpdateLink;

/* `reply` NULL: the other side is gone, and `message` says why, for staff. It may free the link. */
typedef void (*UpdateLinkHeard)(JsonObject *reply, const char *message, gpointer data);

/* `folder` "": the socket. Never NULL; what goes wrong is heard later. */
UpdateLink *update_link_new(const char *data_dir, const char *folder, UpdateLinkHeard heard,
                            gpointer data);
void update_link_free(UpdateLink *link); /* hangs up: nothing is heard any more; NULL is fine */

/* {"do":VERB,"pin":…,"id":…}; `pin` and `id` may be NULL. What is sent is wiped after. */
void update_link_say(UpdateLink *link, const char *verb, const char *pin, const char *id);
