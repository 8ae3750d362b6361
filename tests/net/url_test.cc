#include <gtest/gtest.h>

#include "net/http_client.h"

namespace nearzone::net {
namespace {

TEST(UrlTest, HasItsParts) {
  struct Case {
    const char* text;
    bool is_secure;
    const char* host;
    const char* port;
    const char* target;
    const char* authority;
  };
  for (const Case& each :
       {Case{"http://example.org", false, "example.org", "80", "/", "example.org"},
        Case{"https://example.org/", true, "example.org", "443", "/", "example.org"},
        Case{"http://example.org:8080/a/b?c=d:e/f", false, "example.org", "8080", "/a/b?c=d:e/f",
             "example.org:8080"},
        Case{"https://example.org:80", true, "example.org", "80", "/", "example.org:80"},
        Case{"http://example.org?q", false, "example.org", "80", "/?q", "example.org"},
        Case{"http://[::1]:90/x", false, "::1", "90", "/x", "[::1]:90"},
        Case{"https://[2001:db8::1]", true, "2001:db8::1", "443", "/", "[2001:db8::1]"}}) {
    const Result<Url> url = parse_url(each.text);
    ASSERT_TRUE(url.ok()) << each.text;
    EXPECT_EQ(url->is_secure, each.is_secure) << each.text;
    EXPECT_EQ(url->host, each.host);
    EXPECT_EQ(url->port, each.port);
    EXPECT_EQ(url->target, each.target);
    EXPECT_EQ(url->authority(), each.authority);
  }
}

TEST(UrlTest, WhatIsNoneIsRefused) {
  for (const char* text :
       {"", "example.org", "ftp://example.org/", "http://", "http:///x", "https://:443/",
        "http://example.org:/", "http://example.org:80a/", "http://example.org:123456/",
        "http://example.org:-1/", "http://a b/", "http://example.org/\r\nX: y", "http://me@here/",
        "http://example.org/#there", "http://[::1", "http://::1]/", "http://[]/", "HTTP:/x"}) {
    const Result<Url> url = parse_url(text);
    EXPECT_EQ(url.status().code(), Code::invalid_argument) << text;
    EXPECT_STREQ(url.status().field(), "url") << text;
  }
}

}  // namespace
}  // namespace nearzone::net
