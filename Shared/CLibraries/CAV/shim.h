#pragma once
#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/hdr_dynamic_metadata.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/mathematics.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/samplefmt.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

// Macros, one typed name each.

static inline int mr_av_error(int number) { return AVERROR(number); }

static const int mr_av_error_eof = AVERROR_EOF;
static const int mr_av_error_exit = AVERROR_EXIT;
static const int mr_av_error_again = AVERROR(EAGAIN);
static const int mr_av_error_invalid_data = AVERROR_INVALIDDATA;
static const int mr_av_error_not_implemented = AVERROR_PATCHWELCOME;
static const int mr_av_error_decoder_not_found = AVERROR_DECODER_NOT_FOUND;
static const int mr_av_error_demuxer_not_found = AVERROR_DEMUXER_NOT_FOUND;
static const int mr_av_error_stream_not_found = AVERROR_STREAM_NOT_FOUND;

static const int64_t mr_av_no_timestamp = AV_NOPTS_VALUE;
static const int64_t mr_av_time_base = AV_TIME_BASE;
static const int mr_av_input_padding = AV_INPUT_BUFFER_PADDING_SIZE;

static const int mr_av_seek_size = AVSEEK_SIZE;
static const int mr_av_seek_force = AVSEEK_FORCE;
