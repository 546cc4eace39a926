#pragma once
#include <gmodule.h>
#include <vips/vips.h>

// libvips' operations are variadic, which Swift cannot call: one typed wrapper for each that the room Vips uses.
// Every one returns 0, or -1 with a text in libvips' error buffer.

// An explicit loader for each format, never the sniffing one. `fail_on` stops at truncated data instead of going on in grey.

static inline int mr_jpegload(VipsSource *source, int shrink, VipsImage **out) {
    return vips_jpegload_source(
        source, out, "shrink", shrink, "fail_on", VIPS_FAIL_ON_TRUNCATED, "access", VIPS_ACCESS_SEQUENTIAL, NULL);
}

static inline int mr_pngload(VipsSource *source, VipsImage **out) {
    return vips_pngload_source(source, out, "fail_on", VIPS_FAIL_ON_TRUNCATED, "access", VIPS_ACCESS_SEQUENTIAL, NULL);
}

static inline int mr_webpload(VipsSource *source, double scale, VipsImage **out) {
    return vips_webpload_source(
        source, out, "scale", scale, "fail_on", VIPS_FAIL_ON_TRUNCATED, "access", VIPS_ACCESS_SEQUENTIAL, NULL);
}

static inline int mr_gifload(VipsSource *source, VipsImage **out) {
    return vips_gifload_source(source, out, "fail_on", VIPS_FAIL_ON_TRUNCATED, "access", VIPS_ACCESS_SEQUENTIAL, NULL);
}

static inline int mr_heifload(VipsSource *source, VipsImage **out) {
    return vips_heifload_source(source, out, "fail_on", VIPS_FAIL_ON_TRUNCATED, "access", VIPS_ACCESS_SEQUENTIAL, NULL);
}

static inline int mr_copy(VipsImage *in, VipsImage **out) { return vips_copy(in, out, NULL); }

static inline int mr_shrink(VipsImage *in, VipsImage **out, int factor) {
    return vips_shrink(in, out, factor, factor, NULL);
}

// Lanczos with three lobes. With `gap` 3 a mean of whole pixels takes the first part of a reduction by six and more only:
// measured faster than the default of 2, and sharper.
static inline int mr_resize(VipsImage *in, VipsImage **out, double horizontal, double vertical) {
    return vips_resize(in, out, horizontal, "vscale", vertical, "gap", 3.0, NULL);
}

static inline int mr_autorot(VipsImage *in, VipsImage **out) { return vips_autorot(in, out, NULL); }

static inline int mr_colourspace(VipsImage *in, VipsImage **out, VipsInterpretation space) {
    return vips_colourspace(in, out, space, NULL);
}

// From the embedded profile to sRGB, 8 bits; `fallback` (may be NULL) stands in for an absent or unusable profile.
static inline int mr_icc_to_srgb(VipsImage *in, VipsImage **out, const char *fallback) {
    if (fallback)
        return vips_icc_transform(
            in, out, "srgb", "embedded", TRUE, "input_profile", fallback, "intent", VIPS_INTENT_RELATIVE, "depth", 8, NULL);
    return vips_icc_transform(in, out, "srgb", "embedded", TRUE, "intent", VIPS_INTENT_RELATIVE, "depth", 8, NULL);
}

static inline int mr_premultiply(VipsImage *in, VipsImage **out) { return vips_premultiply(in, out, NULL); }

static inline int mr_unpremultiply(VipsImage *in, VipsImage **out) { return vips_unpremultiply(in, out, NULL); }

static inline int mr_cast(VipsImage *in, VipsImage **out, VipsBandFormat format) { return vips_cast(in, out, format, NULL); }

static inline int mr_extract_bands(VipsImage *in, VipsImage **out, int first, int count) {
    return vips_extract_band(in, out, first, "n", count, NULL);
}

// Transparent parts become white.
static inline int mr_flatten_on_white(VipsImage *in, VipsImage **out) {
    double white[] = {255};
    VipsArrayDouble *background = vips_array_double_new(white, 1);
    int result = vips_flatten(in, out, "background", background, NULL);
    vips_area_unref(VIPS_AREA(background));
    return result;
}

// Encoders. `strip` is not enough: 8.14's WebP encoder writes EXIF, XMP and the profile in spite of it.

static inline int mr_jpegsave(VipsImage *in, void **bytes, size_t *length, int quality, gboolean optimise) {
    return vips_jpegsave_buffer(in, bytes, length, "Q", quality, "optimize_coding", optimise, "strip", TRUE, NULL);
}

static inline int mr_webpsave(VipsImage *in, void **bytes, size_t *length, int quality, int effort) {
    return vips_webpsave_buffer(in, bytes, length, "Q", quality, "effort", effort, "strip", TRUE, NULL);
}

static inline int mr_pngsave(VipsImage *in, void **bytes, size_t *length, int compression) {
    return vips_pngsave_buffer(in, bytes, length, "compression", compression, "strip", TRUE, NULL);
}

static inline int mr_heifsave(
    VipsImage *in, void **bytes, size_t *length, VipsForeignHeifCompression codec, int quality, int effort) {
    return vips_heifsave_buffer(
        in, bytes, length, "Q", quality, "compression", codec, "bitdepth", 8, "effort", effort, "strip", TRUE, NULL);
}

// Warnings about hostile files do not belong into the log of a service.
static inline void mr_ignore(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {}

static inline void mr_silence_warnings(void) {
    g_log_set_handler(
        "VIPS", (GLogLevelFlags)(G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG), mr_ignore,
        NULL);
}

static inline int mr_init(void) { return VIPS_INIT("millrace"); }
