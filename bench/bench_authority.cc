// What a health authority's server bears, in a process of its own beside the client, on the same
// machine. Every answer is checked while it is timed.
//
//   uploads   of 14 keys each over 8 kept connections: certificate verified, keys on disk (synced)
//             before the answer. Beside them the floor: as many requests that do nothing. A widely
//             deployed server with PostgreSQL did 333 a second of these on two cores.
//   attacked  the same beside 200 connections that dribble their headers and 4 that send a body of
//             1 GiB again and again
//   chaff     10,000 uploads and 10,000 requests of cover traffic in random order: the distance of
//             Kolmogorov and Smirnov between their times, and between their lengths
//   idle      memory with 10,000 connections that asked once and stay
//
//   bench_authority [--only uploads|attacked|chaff|idle] [--rounds N] [--json FILE]
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "authority/client.h"
#include "authority/server_process.h"

namespace nearzone::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kKeys = 14;
constexpr size_t kConnections = 8;
constexpr std::string_view kNothing = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

struct Options {
  std::string only;
  std::string json;
  size_t rounds = 5;
  size_t uploads = 5000;
  size_t chaff = 10'000;
  size_t idle = 10'000;
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double percentile(std::vector<double>& sorted, double share) {
  return sorted[std::min(sorted.size() - 1, static_cast<size_t>(share * double(sorted.size())))];
}

struct Round {
  double rate = 0;  // a second
  double p50_ms = 0;
  double p95_ms = 0;
  double p99_ms = 0;
  double cpu_ms = 0;  // of the server, each
};

// Calls ask(client, i) for i in [0, count), on so many connections at once.
Round run_round(uint16_t port, size_t count,
                const std::function<double(Client& client, size_t i)>& ask) {
  std::atomic<size_t> next = 0;
  std::vector<std::vector<double>> times(kConnections);
  std::vector<std::thread> threads;
  const auto begun = Clock::now();
  for (std::vector<double>& own : times)
    threads.emplace_back([&, port, count] {
      Client client(port);
      for (size_t i = next++; i < count; i = next++) own.push_back(ask(client, i));
    });
  for (std::thread& thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  std::vector<double> all;
  for (const std::vector<double>& own : times) all.insert(all.end(), own.begin(), own.end());
  std::ranges::sort(all);
  return {double(count) / seconds, percentile(all, 0.5), percentile(all, 0.95),
          percentile(all, 0.99), 0};
}

double in_ms(std::chrono::microseconds time) { return double(time.count()) / 1000; }

double ask_upload(Client& client, const std::string& request) {
  const Client::Answer answer = client.ask(request);
  if (answer.status != 200 || answer.body.find("\"insertedExposures\":14,") == std::string::npos)
    stop("an upload was not accepted whole");
  return in_ms(answer.took);
}

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options), server_(NEARZONE_AUTHORITY_PROGRAM, *issuer_.public_pem()) {}

  void uploads() {
    std::vector<double> floors;
    for (size_t round = 0; round < options_.rounds; ++round) {
      floors.push_back(run_round(server_.port(), options_.uploads * 4, [](Client& client, size_t) {
                         const Client::Answer answer = client.ask(kNothing);
                         if (answer.status != 200) stop("the server is not healthy");
                         return in_ms(answer.took);
                       }).rate);
      rounds_.push_back(upload_round());
    }
    tell("uploads", rounds_);
    std::printf("floor      %8.0f/s of requests that do nothing\n", median(floors));
    json_["floor_per_second"] = floors;
  }

  void attacked() {
    std::vector<Round> attacked;
    std::vector<Round> alone;
    for (size_t round = 0; round < options_.rounds; ++round) {
      alone.push_back(upload_round());
      const Attack attack(server_.port());
      attacked.push_back(upload_round());
    }
    tell("alone", alone);
    tell("attacked", attacked);
  }

  void chaff() {
    const size_t count = options_.chaff;
    const std::vector<std::string> real = make_uploads(count, kKeys, issuer_, random_);
    const std::vector<std::string> cover = make_chaff(count, random_);
    std::vector<bool> is_real(2 * count);
    std::fill_n(is_real.begin(), count, true);
    for (size_t i = is_real.size(); i-- > 1;) {
      const bool kept = is_real[i];
      const size_t other = random_.below(i + 1);
      is_real[i] = is_real[other];
      is_real[other] = kept;
    }
    std::vector<double> times[2];
    std::vector<double> lengths[2];
    size_t next[2] = {0, 0};
    Client client(server_.port());
    // The law of delays knows uploads before anybody asks for cover.
    for (const std::string& request : make_uploads(1000, kKeys, issuer_, random_))
      ask_upload(client, request);
    for (const bool upload : is_real) {
      const size_t kind = upload ? 1 : 0;
      const Client::Answer answer = client.ask((upload ? real : cover)[next[kind]++]);
      if (answer.status != 200) stop("a request was refused");
      times[kind].push_back(in_ms(answer.took));
      lengths[kind].push_back(double(answer.bytes));
    }
    const double time_distance = distance(times[0], times[1]);
    const double length_distance = distance(lengths[0], lengths[1]);
    std::printf(
        "chaff      times %.4f, lengths %.4f apart over %zu; 5 %% of equal laws exceed %.4f\n",
        time_distance, length_distance, count, 1.358 * std::sqrt(2.0 / double(count)));
    std::printf("           median %.2f ms of uploads, %.2f ms of cover\n", median(times[1]),
                median(times[0]));
    json_["chaff"] = {{"count", count}, {"times", time_distance}, {"lengths", length_distance}};
  }

  void idle() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    const uint64_t before = server_.resident_bytes();
    std::vector<Client> clients;
    clients.reserve(options_.idle);
    for (size_t i = 0; i < options_.idle; ++i) {
      clients.emplace_back(server_.port());
      if (clients.back().ask(kNothing).status != 200) stop("the server is not healthy");
    }
    const uint64_t with = server_.resident_bytes();
    Client client(server_.port());
    const double took = ask_upload(client, make_uploads(1, kKeys, issuer_, random_).front());
    // None of them was given up for another.
    for (Client& each : clients)
      if (each.ask(kNothing).status != 200) stop("an idle connection is gone");
    std::printf(
        "idle       %.1f MiB with %zu connections, %.1f before; an upload beside: %.1f ms\n",
        double(with) / 1048576, options_.idle, double(before) / 1048576, took);
    json_["idle"] = {{"connections", options_.idle}, {"resident_bytes", with}, {"before", before}};
  }

  const nlohmann::json& json() const { return json_; }

 private:
  // While it lives: those who dribble, and those who send what is too large.
  class Attack {
   public:
    explicit Attack(uint16_t port) {
      dribbling_ = std::thread([this, port] {
        std::vector<Client> slow;
        for (int i = 0; i < 200; ++i) {
          slow.emplace_back(port);
          slow.back().send("GET /healthz HTTP/1.1\r\nA: ");
        }
        while (!is_over_) {
          for (Client& each : slow) each.send("b");
          std::this_thread::sleep_for(std::chrono::milliseconds(500));
        }
      });
      for (std::thread& thread : flooding_)
        thread = std::thread([this, port] {
          const std::string piece(64 << 10, 'x');
          while (!is_over_) {
            Client client(port);
            client.send("POST /v1/publish HTTP/1.1\r\nContent-Length: 1073741824\r\n\r\n");
            for (int i = 0; i < 16384 && !is_over_ && client.send(piece); ++i) {
            }
          }
        });
    }
    ~Attack() {
      is_over_ = true;
      dribbling_.join();
      for (std::thread& thread : flooding_) thread.join();
    }

   private:
    std::atomic<bool> is_over_ = false;
    std::thread dribbling_;
    std::thread flooding_[4];
  };

  Round upload_round() {
    const auto requests = make_uploads(options_.uploads, kKeys, issuer_, random_);
    const double before = server_.cpu_seconds();
    Round round = run_round(server_.port(), requests.size(), [&](Client& client, size_t i) {
      return ask_upload(client, requests[i]);
    });
    round.cpu_ms = (server_.cpu_seconds() - before) * 1000 / double(requests.size());
    return round;
  }

  // The largest difference between the shares of two samples that lie below a value.
  static double distance(std::vector<double> a, std::vector<double> b) {
    std::ranges::sort(a);
    std::ranges::sort(b);
    double most = 0;
    for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
      const double at = std::min(a[i], b[j]);
      while (i < a.size() && a[i] <= at) ++i;
      while (j < b.size() && b[j] <= at) ++j;
      most = std::max(most, std::abs(double(i) / double(a.size()) - double(j) / double(b.size())));
    }
    return most;
  }

  void tell(const char* name, const std::vector<Round>& rounds) {
    const auto of = [&](double Round::*member) {
      std::vector<double> values;
      for (const Round& round : rounds) values.push_back(round.*member);
      json_[name].push_back(values);
      return median(values);
    };
    std::printf("%-10s %8.0f/s, p50 %.1f ms, p95 %.1f ms, p99 %.1f ms; %.2f ms of processor each\n",
                name, of(&Round::rate), of(&Round::p50_ms), of(&Round::p95_ms), of(&Round::p99_ms),
                of(&Round::cpu_ms));
  }

  const Options options_;
  SeededRandom random_{1};
  const authority::EcPrivateKey issuer_ = *authority::EcPrivateKey::generate();
  ServerProcess server_;
  std::vector<Round> rounds_;
  nlohmann::json json_;
};

int run(int argc, char** argv) {
  Options options;
  CLI::App app("What a health authority's server bears");
  app.add_option("--only", options.only, "One part of it")
      ->check(CLI::IsMember({"uploads", "attacked", "chaff", "idle"}));
  app.add_option("--rounds", options.rounds, "Medians are of so many")->capture_default_str();
  app.add_option("--uploads", options.uploads, "In each round")->capture_default_str();
  app.add_option("--chaff", options.chaff, "Of each kind")->capture_default_str();
  app.add_option("--idle", options.idle, "Connections")->capture_default_str();
  app.add_option("--json", options.json, "Raw numbers, to a file");
  CLI11_PARSE(app, argc, argv);
  const auto is_wanted = [&](const char* part) {
    return options.only.empty() || options.only == part;
  };
  Load load(options);
  if (is_wanted("idle")) load.idle();
  if (is_wanted("uploads")) load.uploads();
  if (is_wanted("attacked")) load.attacked();
  if (is_wanted("chaff")) load.chaff();
  if (!options.json.empty()) std::ofstream(options.json) << load.json().dump(2) << '\n';
  return 0;
}

}  // namespace
}  // namespace nearzone::bench

int main(int argc, char** argv) { return nearzone::bench::run(argc, argv); }
