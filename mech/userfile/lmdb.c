/* SPDX-License-Identifier: MIT */
/* lmdb.c - LMDB's file: two meta pages, then a tree of pages whose branches lead to
 * leaves by key. All numbers have the byte order of the machine that made them. No number
 * of the file is used before it is known to stay inside of the page or the file. */

#include "config.h"

#include "userfile/lmdb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ntlm/secret.h"

#define MAGIC 0xBEEFC0DEu
#define DATA_FORMAT 1
#define PAGE_LEAST 512
#define PAGE_MOST 65536
#define DEPTH_MOST 16 /* more than a file of 2^63 bytes needs */
#define NO_PAGE UINT64_MAX

/* Flags of a page, and of a node. */
#define BRANCH 0x01
#define LEAF 0x02
#define META 0x08
#define KIND (0x01 | 0x02 | 0x04 | 0x08 | 0x20 | 0x40)
#define NODE_HEADER 8

/* Enough of a file's beginning for both meta pages where pages have 4 KiB. */
#define USUAL_PAGE 4096
#define META_SIZE 152

static uint16_t read16(const uint8_t *at)
{
    uint16_t value;

    memcpy(&value, at, sizeof(value));
    return value;
}

static uint32_t read32(const uint8_t *at)
{
    uint32_t value;

    memcpy(&value, at, sizeof(value));
    return value;
}

/* A number of `word` bytes; the largest one means "none" in either size. */
static uint64_t read_word(const struct lmdb *lmdb, const uint8_t *at)
{
    uint64_t value;

    if (lmdb->word == 4)
        return read32(at) == UINT32_MAX ? NO_PAGE : read32(at);
    memcpy(&value, at, sizeof(value));
    return value;
}

/* The header of a page: its number, 2 unused bytes, flags, where the free space in its
 * middle begins and ends. */
static size_t header_size(const struct lmdb *lmdb)
{
    return lmdb->word + 8;
}

static enum lmdb_result damaged(struct lmdb *lmdb, const char *fault)
{
    lmdb->fault = fault;
    return LMDB_DAMAGED;
}

/* Reads as many bytes, or says that the file has them not. */
static enum lmdb_result read_at(struct lmdb *lmdb, uint64_t offset, uint8_t *data, size_t len)
{
    size_t have = 0;

    while (have < len) {
        ssize_t got = pread(lmdb->fd, data + have, len - have, (off_t)(offset + have));

        if (got < 0 && errno != EINTR)
            return LMDB_UNREADABLE;
        if (got == 0)
            return damaged(lmdb, "it is cut off");
        have += got > 0 ? (size_t)got : 0;
    }
    return LMDB_OK;
}

bool lmdb_begins_with(uint8_t first)
{
    return first == 0; /* of the number of page 0 */
}

/* A meta page behind its header: magic, format, an address, the map's size, two trees
 * (that of free pages, then ours), the last page, the transaction. A tree is: the size of
 * pages (in the first one), flags, depth, three counts of pages, entries, root. */
static enum lmdb_result parse_meta(struct lmdb *lmdb, const uint8_t *page,
                                   struct lmdb_meta *meta)
{
    const unsigned word = lmdb->word;
    const uint8_t *at = page + header_size(lmdb), *tree = at + 8 + 2 * word;
    const size_t tree_size = 8 + 5 * word;

    if (read32(at) != MAGIC || !(read16(page + word + 2) & META))
        return damaged(lmdb, "a meta page of it is none");
    if (read32(at + 4) != DATA_FORMAT)
        return damaged(lmdb, "its format is not that of LMDB 0.9");
    lmdb->page_size = read32(tree);
    tree += tree_size;
    *meta = (struct lmdb_meta){.depth = read16(tree + 6),
                               .entries = read_word(lmdb, tree + 8 + 3 * word),
                               .root = read_word(lmdb, tree + 8 + 4 * word),
                               .last_page = read_word(lmdb, tree + tree_size),
                               .transaction = read_word(lmdb, tree + tree_size + word)};
    if (read16(tree + 4) != 0)
        return damaged(lmdb, "it was made for another purpose");
    return LMDB_OK;
}

static enum lmdb_result check_page_size(struct lmdb *lmdb)
{
    const size_t size = lmdb->page_size;

    if (size < PAGE_LEAST || size > PAGE_MOST || size & (size - 1))
        return damaged(lmdb, "its meta page has no size of pages");
    return LMDB_OK;
}

static enum lmdb_result check_meta(struct lmdb *lmdb, const struct lmdb_meta *meta)
{
    if (meta->depth > DEPTH_MOST || (meta->depth == 0) != (meta->root == NO_PAGE))
        return damaged(lmdb, "its meta page is damaged");
    if (meta->last_page >= UINT64_MAX / PAGE_MOST / 2 ||
        (meta->depth > 0 && (meta->root < 2 || meta->root > meta->last_page)))
        return damaged(lmdb, "its meta page is damaged");
    if ((uint64_t)lmdb->size / lmdb->page_size <= meta->last_page)
        return damaged(lmdb, "it is cut off");
    return LMDB_OK;
}

/* Which word size the meta page at the beginning has. */
static enum lmdb_result find_word(struct lmdb *lmdb, const uint8_t *start)
{
    const uint32_t reversed = __builtin_bswap32(MAGIC);

    if (read32(start + 16) == MAGIC)
        lmdb->word = 8;
    else if (read32(start + 12) == MAGIC)
        lmdb->word = 4;
    else if (read32(start + 16) == reversed || read32(start + 12) == reversed)
        return damaged(lmdb, "it was made on a machine of another byte order");
    else
        return damaged(lmdb, "its first page is damaged");
    return LMDB_OK;
}

/* Reads both meta pages. *meta is the newer one, *older the other. */
static enum lmdb_result read_metas(struct lmdb *lmdb, struct lmdb_meta metas[2])
{
    uint8_t start[USUAL_PAGE + META_SIZE], other[META_SIZE];
    const uint8_t *second = start + USUAL_PAGE;
    enum lmdb_result result;
    size_t page_size;

    if ((uint64_t)lmdb->size < sizeof(start))
        return damaged(lmdb, "it is cut off");
    result = read_at(lmdb, 0, start, sizeof(start));
    if (!result)
        result = find_word(lmdb, start);
    if (!result)
        result = parse_meta(lmdb, start, &metas[0]);
    if (!result)
        result = check_page_size(lmdb);
    page_size = lmdb->page_size;
    if (!result && page_size != USUAL_PAGE) {
        result = read_at(lmdb, page_size, other, sizeof(other));
        second = other;
    }
    if (!result)
        result = parse_meta(lmdb, second, &metas[1]);
    if (!result && lmdb->page_size != page_size)
        result = damaged(lmdb, "its meta pages are not of one file");
    return result;
}

static const struct lmdb_meta *newer(const struct lmdb_meta metas[2])
{
    return &metas[metas[1].transaction > metas[0].transaction];
}

enum lmdb_result lmdb_open(struct lmdb *lmdb, int fd, off_t size)
{
    struct lmdb_meta metas[2];
    enum lmdb_result result;

    *lmdb = (struct lmdb){.fd = fd, .size = size};
    result = read_metas(lmdb, metas);
    if (result)
        return result;
    lmdb->meta = *newer(metas);
    result = check_meta(lmdb, &lmdb->meta);
    if (result)
        return result;
    lmdb->pages = malloc(LMDB_PAGES * lmdb->page_size);
    return lmdb->pages ? LMDB_OK : LMDB_NO_MEMORY;
}

void lmdb_close(struct lmdb *lmdb)
{
    if (lmdb->pages)
        ntlm_cleanse(lmdb->pages, lmdb->count * lmdb->page_size);
    free(lmdb->pages);
    *lmdb = (struct lmdb){.fd = -1};
}

bool lmdb_is_whole(struct lmdb *lmdb)
{
    const size_t page_size = lmdb->page_size;
    struct lmdb_meta metas[2];
    const struct lmdb_meta *now = newer(metas);
    enum lmdb_result result = read_metas(lmdb, metas);
    bool whole = !result && lmdb->page_size == page_size;

    lmdb->page_size = page_size;
    now = newer(metas);
    return whole && (now->transaction == lmdb->meta.transaction
                         ? now->root == lmdb->meta.root
                         : now->transaction == lmdb->meta.transaction + 1);
}

static size_t count_nodes(const struct lmdb *lmdb, const uint8_t *page)
{
    return (read16(page + lmdb->word + 4) - header_size(lmdb)) / 2;
}

/* Whether it is page `number`, of this kind, with room for what it says to have. */
static enum lmdb_result check_page(struct lmdb *lmdb, const uint8_t *page, uint64_t number,
                                   unsigned kind)
{
    const size_t lower = read16(page + lmdb->word + 4), upper = read16(page + lmdb->word + 6);

    if (read_word(lmdb, page) != number || (read16(page + lmdb->word + 2) & KIND) != kind)
        return damaged(lmdb, "a page of it is another one");
    if (lower < header_size(lmdb) + 2 || lower % 2 || lower > upper || upper > lmdb->page_size)
        return damaged(lmdb, "the header of a page is damaged");
    return LMDB_OK;
}

static enum lmdb_result read_page(struct lmdb *lmdb, uint64_t number, unsigned kind,
                                  uint8_t *page)
{
    enum lmdb_result result;

    if (number < 2 || number > lmdb->meta.last_page)
        return damaged(lmdb, "it leads to a page that is not there");
    result = read_at(lmdb, number * lmdb->page_size, page, lmdb->page_size);
    return result ? result : check_page(lmdb, page, number, kind);
}

/* The page, read or remembered. */
static enum lmdb_result get_page(struct lmdb *lmdb, uint64_t number, unsigned kind,
                                 const uint8_t **page)
{
    uint8_t *slot = lmdb->pages + lmdb->next * lmdb->page_size;
    enum lmdb_result result;

    for (unsigned i = 0; i < lmdb->count; i++)
        if (lmdb->numbers[i] == number) {
            *page = lmdb->pages + i * lmdb->page_size;
            return check_page(lmdb, *page, number, kind);
        }
    lmdb->numbers[lmdb->next] = NO_PAGE;
    if (lmdb->count == lmdb->next)
        lmdb->count++;
    result = read_page(lmdb, number, kind, slot);
    if (result)
        return result;
    *page = slot;
    lmdb->numbers[lmdb->next] = number;
    lmdb->next = (lmdb->next + 1) % LMDB_PAGES;
    return LMDB_OK;
}

/* A node of a page: a key with its value, or with the number of the page behind it. */
struct node {
    const uint8_t *key, *value;
    size_t key_len, value_len;
    uint64_t page;
};

/* On a leaf: the value's length (4 bytes), flags, the key's length, key, value. On a branch
 * the page's number takes the first 4 bytes and, of 64 bits, the flags. */
static enum lmdb_result read_node(struct lmdb *lmdb, const uint8_t *page, unsigned kind,
                                  size_t index, struct node *node)
{
    const size_t at = read16(page + header_size(lmdb) + 2 * index);
    const size_t upper = read16(page + lmdb->word + 6), size = lmdb->page_size;
    const uint8_t *header = page + at;
    uint32_t first;
    uint16_t flags;

    if (at < upper || at % 2 || at + NODE_HEADER > size)
        return damaged(lmdb, "a page leads out of itself");
    first = read32(header);
    flags = read16(header + 4);
    *node = (struct node){.key = header + NODE_HEADER, .key_len = read16(header + 6)};
    if (node->key_len > size - at - NODE_HEADER)
        return damaged(lmdb, "a key is longer than its page");
    node->page = first | (lmdb->word == 8 ? (uint64_t)flags << 32 : 0);
    if (kind == BRANCH)
        return LMDB_OK;
    node->value = node->key + node->key_len;
    node->value_len = first;
    if (flags != 0)
        return damaged(lmdb, "it was made for another purpose");
    if (node->value_len > size - at - NODE_HEADER - node->key_len)
        return damaged(lmdb, "a value is longer than its page");
    return LMDB_OK;
}

/* The order of keys: by bytes, the shorter first. */
static int compare(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
    const int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

    return order ? order : (a_len > b_len) - (a_len < b_len);
}

/* The last node whose key is not behind this one. A branch's first node is for all keys
 * before its second. *exact: it is this key. */
static enum lmdb_result search_page(struct lmdb *lmdb, const uint8_t *page, unsigned kind,
                                    const uint8_t *key, size_t key_len, struct node *found,
                                    bool *exact)
{
    size_t low = kind == BRANCH ? 1 : 0, high = count_nodes(lmdb, page);
    enum lmdb_result result = LMDB_OK;
    struct node node;

    *exact = false;
    if (kind == BRANCH)
        result = read_node(lmdb, page, kind, 0, found);
    while (!result && low < high && !*exact) {
        const size_t middle = low + (high - low) / 2;
        int order;

        result = read_node(lmdb, page, kind, middle, &node);
        if (result)
            break;
        order = compare(node.key, node.key_len, key, key_len);
        *exact = order == 0;
        if (order <= 0) {
            *found = node;
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return result;
}

enum lmdb_result lmdb_get(struct lmdb *lmdb, const uint8_t *key, size_t key_len,
                          const uint8_t **value, size_t *value_len)
{
    struct node node = {.page = lmdb->meta.root};
    enum lmdb_result result = LMDB_OK;
    bool exact = false;

    for (unsigned depth = lmdb->meta.depth; depth > 0 && !result; depth--) {
        const unsigned kind = depth > 1 ? BRANCH : LEAF;
        const uint8_t *page;

        result = get_page(lmdb, node.page, kind, &page);
        if (!result)
            result = search_page(lmdb, page, kind, key, key_len, &node, &exact);
    }
    if (result)
        return result;
    *value = exact ? node.value : NULL;
    *value_len = exact ? node.value_len : 0;
    return exact ? LMDB_OK : LMDB_NOT_FOUND;
}

/* A walk through all pages. */
struct walk {
    struct lmdb *lmdb;
    lmdb_take *take;
    void *arg;
    uint64_t pages, entries;  /* seen so far */
    uint8_t last[UINT16_MAX]; /* the key before */
    size_t last_len;
};

static enum lmdb_result take_node(struct walk *walk, const struct node *node)
{
    if (walk->entries++ > 0 &&
        compare(walk->last, walk->last_len, node->key, node->key_len) >= 0)
        return damaged(walk->lmdb, "its keys are not in order");
    memcpy(walk->last, node->key, node->key_len);
    walk->last_len = node->key_len;
    return walk->take(walk->arg, node->key, node->key_len, node->value, node->value_len);
}

/* A page and all behind it. More pages than the file has: a page leads back. */
static enum lmdb_result walk_page(struct walk *walk, uint64_t number, unsigned depth)
{
    struct lmdb *lmdb = walk->lmdb;
    const unsigned kind = depth > 1 ? BRANCH : LEAF;
    uint8_t *page = malloc(lmdb->page_size);
    enum lmdb_result result;
    struct node node;

    if (!page)
        return LMDB_NO_MEMORY;
    result = read_page(lmdb, number, kind, page);
    if (!result && walk->pages++ > lmdb->meta.last_page)
        result = damaged(lmdb, "a page leads back");
    for (size_t i = 0; !result && i < count_nodes(lmdb, page); i++) {
        result = read_node(lmdb, page, kind, i, &node);
        if (!result)
            result =
                kind == LEAF ? take_node(walk, &node) : walk_page(walk, node.page, depth - 1);
    }
    ntlm_cleanse(page, lmdb->page_size);
    free(page);
    return result;
}

enum lmdb_result lmdb_walk(struct lmdb *lmdb, lmdb_take *take, void *arg)
{
    struct walk *walk = calloc(1, sizeof(*walk));
    enum lmdb_result result = LMDB_OK;

    if (!walk)
        return LMDB_NO_MEMORY;
    *walk = (struct walk){.lmdb = lmdb, .take = take, .arg = arg};
    if (lmdb->meta.depth > 0)
        result = walk_page(walk, lmdb->meta.root, lmdb->meta.depth);
    if (!result && walk->entries != lmdb->meta.entries)
        result = damaged(lmdb, "it does not have as many entries as it says");
    free(walk);
    return result;
}
