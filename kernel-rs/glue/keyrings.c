// SPDX-License-Identifier: GPL-2.0
/* Keyrings of credentials, and the links to their user's. */
#include <linux/cred.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/key.h>
#include <linux/rcupdate.h>
#include <linux/sched/user.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "glue.h"

#ifdef CONFIG_KEYS
#include "../../../security/keys/internal.h"

/* Most links that a keyring without keys has: to two keyrings of one user. */
#define MOST_LINKS 2
/* How often to ask for a number that may be about to get free; some milliseconds each. */
#define TRIES 20

static struct key **slot(struct cred *cred, enum ckpt_keyring_which which)
{
	switch (which) {
	case CKPT_KEYRING_PROCESS:
		return &cred->process_keyring;
	case CKPT_KEYRING_THREAD:
		return &cred->thread_keyring;
	default:
		return &cred->session_keyring;
	}
}

/* With a reference; NULL: there is none. */
struct key *ckpt_keyring_of(const struct cred *cred, enum ckpt_keyring_which which)
{
	return key_get(*slot((struct cred *)cred, which));
}

void ckpt_keyring_put(struct key *keyring)
{
	key_put(keyring);
}

/* Does the task act for somebody who has asked for a key? */
bool ckpt_cred_has_authority(const struct cred *cred)
{
	return cred->request_key_auth;
}

/* Is the key a keyring of some user as such? Then says whose, and which. */
static bool is_of_user(const struct key *key, u32 *user, bool *session)
{
	char end;

	if (key->type != &key_type_keyring || !test_bit(KEY_FLAG_UID_KEYRING, &key->flags))
		return false;
	*session = sscanf(key->description, "_uid_ses.%u%c", user, &end) == 1;
	return *session || sscanf(key->description, "_uid.%u%c", user, &end) == 1;
}

static void look_at_links(struct key *keyring, struct ckpt_keyring *out)
{
	key_serial_t serials[MOST_LINKS];
	long size = keyring->type->read(keyring, (char *)serials, sizeof(serials));

	out->holds_keys = size < 0 || size > sizeof(serials);
	for (int i = 0; !out->holds_keys && i < size / sizeof(*serials); i++) {
		struct key *key = key_lookup(serials[i]);
		bool session, first = !out->links_user && !out->links_user_session;
		u32 user;

		/* Whatever is about to be collected is no longer there. */
		if (IS_ERR(key))
			continue;
		if (!is_of_user(key, &user, &session) || (!first && user != out->user)) {
			out->holds_keys = true;
		} else {
			out->user = user;
			*(session ? &out->links_user_session : &out->links_user) = true;
		}
		key_put(key);
	}
}

/* -EOVERFLOW if its owner has no number in @ns. */
int ckpt_keyring_get(struct key *keyring, struct user_namespace *ns, struct ckpt_keyring *out)
{
	bool session;
	int ret = 0;

	down_read(&keyring->sem);
	out->serial = keyring->serial;
	out->uid = from_kuid(ns, keyring->uid);
	out->gid = from_kgid(ns, keyring->gid);
	out->permissions = keyring->perm;
	out->revoked = test_bit(KEY_FLAG_REVOKED, &keyring->flags);
	/* The time of the revocation, if it was revoked. */
	if (keyring->expiry != TIME64_MAX && !out->revoked)
		out->expires = keyring->expiry;
	strscpy(out->name, keyring->description);
	out->restricted = keyring->restrict_link ||
			  (keyring->flags & (BIT(KEY_FLAG_DEAD) | BIT(KEY_FLAG_INVALIDATED) |
					     BIT(KEY_FLAG_KEEP) | BIT(KEY_FLAG_BUILTIN)));
#ifdef CONFIG_KEY_NOTIFICATIONS
	out->restricted = out->restricted || keyring->watchers;
#endif
	if (is_of_user(keyring, &out->user, &session) && session)
		out->user_session = true;
	else if (!out->revoked)
		look_at_links(keyring, out);
	if (out->uid == -1 || (gid_valid(keyring->gid) && out->gid == -1))
		ret = -EOVERFLOW;
	up_read(&keyring->sem);
	return ret;
}

static bool is_same(struct key *keyring, const struct ckpt_keyring *wanted)
{
	return keyring->type == &key_type_keyring &&
	       uid_eq(keyring->uid, make_kuid(current_user_ns(), wanted->uid)) &&
	       !strcmp(keyring->description, wanted->name);
}

/*
 * The very keyring, if it is still there, whatever others who have it made of it: revoked
 * it, at the end of a login. The caller asks whether current may have it.
 */
struct key *ckpt_keyring_find(const struct ckpt_keyring *wanted)
{
	struct key *keyring = key_lookup(wanted->serial);

	if (IS_ERR(keyring))
		return NULL;
	if (is_same(keyring, wanted) &&
	    !(READ_ONCE(keyring->flags) & (BIT(KEY_FLAG_DEAD) | BIT(KEY_FLAG_INVALIDATED))))
		return keyring;
	key_put(keyring);
	return NULL;
}

/* The keyrings of a user, as a process of that user finds them. */
static int find_user_keyrings(u32 number, struct key **own, struct key **session)
{
	kuid_t uid = make_kuid(current_user_ns(), number);
	const struct cred *old;
	struct user_struct *user;
	struct cred *cred;
	int ret;

	if (!uid_valid(uid))
		return -EINVAL;
	cred = prepare_creds();
	if (!cred)
		return -ENOMEM;
	user = alloc_uid(uid);
	if (!user) {
		abort_creds(cred);
		return -ENOMEM;
	}
	free_uid(cred->user);
	cred->user = user;
	cred->uid = uid;
	cred->euid = uid;
	cred->suid = uid;
	cred->fsuid = uid;
	old = override_creds(cred);
	ret = look_up_user_keyrings(own, session);
	put_cred(revert_creds(old));
	return ret;
}

/* Keys in the keyrings of a user, but for the link from one of these to the other. */
u32 ckpt_keys_of_user(u32 number)
{
	struct key *own, *session;
	key_ref_t link;
	u32 count;

	if (find_user_keyrings(number, &own, &session))
		return 0;
	count = READ_ONCE(own->keys.nr_leaves_on_tree) + READ_ONCE(session->keys.nr_leaves_on_tree);
	link = keyring_search(make_key_ref(session, true), &key_type_keyring, own->description,
			      false);
	if (!IS_ERR(link)) {
		count -= min(count, 1);
		key_ref_put(link);
	}
	key_put(session);
	key_put(own);
	return count;
}

/*
 * One that nobody uses any longer may still wait for its collection: those who had it
 * are reaped, their credentials go after a grace period, and then it does.
 */
static bool take_serial(struct key *keyring, s32 serial)
{
	for (u32 tries = 0; !key_take_serial(keyring, serial); tries++) {
		if (tries == TRIES || ckpt_interrupted_now())
			return false;
		rcu_barrier();
		flush_work(&key_gc_work);
		if (tries)
			msleep(20);
	}
	return true;
}

/* Makes a keyring anew; the caller has checked the rights. Its number is the old one if it is free. */
struct key *ckpt_keyring_make(const struct ckpt_keyring *in)
{
	kuid_t uid = make_kuid(current_user_ns(), in->uid);
	kgid_t gid = in->gid == -1 ? INVALID_GID : make_kgid(current_user_ns(), in->gid);
	struct key *keyring, *own = NULL, *session = NULL;
	int ret;

	if (!uid_valid(uid) || (in->gid != -1 && !gid_valid(gid)))
		return ERR_PTR(-EINVAL);
	if (in->user_session || in->links_user || in->links_user_session) {
		ret = find_user_keyrings(in->user, &own, &session);
		if (ret)
			return ERR_PTR(ret);
	}
	if (in->user_session) {
		key_put(own);
		return session;
	}

	keyring = keyring_alloc(in->name, uid, gid, current_cred(), in->permissions,
				KEY_ALLOC_IN_QUOTA, NULL, NULL);
	ret = PTR_ERR_OR_ZERO(keyring);
	if (ret)
		goto out;
	if (!take_serial(keyring, in->serial))
		ret = -EEXIST;
	if (!ret && in->links_user)
		ret = key_link(keyring, own);
	if (!ret && in->links_user_session)
		ret = key_link(keyring, session);
	if (in->expires)
		key_set_expiry(keyring, in->expires);
	if (in->revoked)
		key_revoke(keyring);
	if (ret) {
		key_put(keyring);
		keyring = ERR_PTR(ret);
	}
out:
	key_put(own);
	key_put(session);
	return keyring;
}

/* In credentials that nobody uses yet. */
void ckpt_keyrings_replace(struct cred *cred, u32 requested_keys, struct key *const *keyrings)
{
	cred->jit_keyring = requested_keys;
	for (int which = 0; which < CKPT_KEYRINGS; which++) {
		key_put(*slot(cred, which));
		*slot(cred, which) = key_get(keyrings[which]);
	}
	key_put(cred->request_key_auth);
	cred->request_key_auth = NULL;
}

#else /* CONFIG_KEYS */

struct key *ckpt_keyring_of(const struct cred *cred, enum ckpt_keyring_which which)
{
	return NULL;
}

void ckpt_keyring_put(struct key *keyring)
{
}

bool ckpt_cred_has_authority(const struct cred *cred)
{
	return false;
}

int ckpt_keyring_get(struct key *keyring, struct user_namespace *ns, struct ckpt_keyring *out)
{
	return -EOPNOTSUPP;
}

struct key *ckpt_keyring_find(const struct ckpt_keyring *wanted)
{
	return NULL;
}

struct key *ckpt_keyring_make(const struct ckpt_keyring *in)
{
	return ERR_PTR(-EOPNOTSUPP);
}

u32 ckpt_keys_of_user(u32 number)
{
	return 0;
}

void ckpt_keyrings_replace(struct cred *cred, u32 requested_keys, struct key *const *keyrings)
{
}
#endif
