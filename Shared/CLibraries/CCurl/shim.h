#pragma once
#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

// Variadic functions and macros, one typed wrapper each.

static inline CURLcode millrace_curl_set_long(CURL *easy, CURLoption option, long value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode millrace_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode millrace_curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode millrace_curl_set_bytes(CURL *easy, CURLoption option, const void *value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode millrace_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode millrace_curl_set_error_buffer(CURL *easy, char *buffer) {
    return (curl_easy_setopt)(easy, CURLOPT_ERRORBUFFER, buffer);
}

static inline CURLMcode millrace_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return (curl_multi_setopt)(multi, option, value);
}

// Both directions of the exchange; `context` comes back as the last argument (the first one for progress).
static inline void millrace_curl_set_exchange(
    CURL *easy, void *context, curl_write_callback header, curl_write_callback body, curl_read_callback upload,
    curl_seek_callback rewind, curl_xferinfo_callback progress) {
    (curl_easy_setopt)(easy, CURLOPT_HEADERFUNCTION, header);
    (curl_easy_setopt)(easy, CURLOPT_HEADERDATA, context);
    (curl_easy_setopt)(easy, CURLOPT_WRITEFUNCTION, body);
    (curl_easy_setopt)(easy, CURLOPT_WRITEDATA, context);
    (curl_easy_setopt)(easy, CURLOPT_READFUNCTION, upload);
    (curl_easy_setopt)(easy, CURLOPT_READDATA, context);
    (curl_easy_setopt)(easy, CURLOPT_SEEKFUNCTION, rewind);
    (curl_easy_setopt)(easy, CURLOPT_SEEKDATA, context);
    (curl_easy_setopt)(easy, CURLOPT_XFERINFOFUNCTION, progress);
    (curl_easy_setopt)(easy, CURLOPT_XFERINFODATA, context);
}

// Who decides about addresses: before a socket is opened, and before each request (a reused connection opens none).
static inline void millrace_curl_set_address_checks(
    CURL *easy, void *context, curl_opensocket_callback open, curl_prereq_callback request) {
    (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETFUNCTION, open);
    (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETDATA, context);
    (curl_easy_setopt)(easy, CURLOPT_PREREQFUNCTION, request);
    (curl_easy_setopt)(easy, CURLOPT_PREREQDATA, context);
}

// The address as text without port; NULL for families other than IPv4 and IPv6.
static inline const char *millrace_curl_address_text(const struct curl_sockaddr *address, char *text, socklen_t size) {
    const struct sockaddr *any = &address->addr;
    if (address->family == AF_INET)
        return inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)any)->sin_addr, text, size);
    if (address->family == AF_INET6)
        return inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)any)->sin6_addr, text, size);
    return NULL;
}

static inline curl_socket_t millrace_curl_open_socket(const struct curl_sockaddr *address) {
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static const curl_socket_t millrace_curl_bad_socket = CURL_SOCKET_BAD;
static const size_t millrace_curl_write_pause = CURL_WRITEFUNC_PAUSE;
static const size_t millrace_curl_read_abort = CURL_READFUNC_ABORT;
static const size_t millrace_curl_error_size = CURL_ERROR_SIZE;

// The result of a finished transfer; its handle is in `message->easy_handle`.
static inline CURLcode millrace_curl_result(const CURLMsg *message) { return message->data.result; }
