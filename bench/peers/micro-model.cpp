// Owns the micro-model "8x6x120" written by hand in C++20: eight startups compete for six segments over 120
// months. One thread, no dependencies but the standard library. Scalar unless the last of these builds it:
//
//   g++ -std=c++20 -O2 micro-model.cpp -o micro-model
//   g++ -std=c++20 -O3 -march=native micro-model.cpp -o micro-model
//   g++ -std=c++20 -O3 -march=native -ffast-math -fopenmp-simd micro-model.cpp -o micro-model
//   ./micro-model --replications 2000 --sigma 0.05 --record 1
//
// Prints one line of JSON. Times leave out the start of the process and `--warmup` replications, and hold the
// set-up of each replication and, when recording, the allocation of the columns.

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>

constexpr int startupCount = 8;
constexpr int segmentCount = 6;
constexpr int monthCount = 120;
constexpr std::uint64_t firstSeed = 1000;

// xoshiro256++ of Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2021), its state
// filled by splitmix64 as its authors advise.
class Xoshiro256 {
 public:
  explicit Xoshiro256(std::uint64_t seed) {
    for (auto& word : state) {
      seed += 0x9e3779b97f4a7c15;
      std::uint64_t mixed = seed;
      mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
      mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
      word = mixed ^ (mixed >> 31);
    }
  }

  std::uint64_t next() {
    const std::uint64_t result = std::rotl(state[0] + state[3], 23) + state[0];
    const std::uint64_t shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = std::rotl(state[3], 45);
    return result;
  }

  // Uniform in (0, 1): 52 bits, centred so that neither end is reached.
  double uniform() { return (static_cast<double>(next() >> 12) + 0.5) * 0x1p-52; }

 private:
  std::array<std::uint64_t, 4> state;
};

// The ziggurat of Marsaglia and Tsang (2000) with 256 layers. The layer and the abscissa come from different
// bits of one 64-bit word, which is Doornik's cure (2005) for the correlation of the original.
class Ziggurat {
 public:
  Ziggurat() {
    const double tailHeight = std::exp(-0.5 * tailStart * tailStart);
    edge[0] = layerArea / tailHeight;
    edge[1] = tailStart;
    for (int i = 2; i < layerCount; i++) {
      const double below = edge[i - 1];
      edge[i] = std::sqrt(-2 * std::log(layerArea / below + std::exp(-0.5 * below * below)));
    }
    edge[layerCount] = 0;
    for (int i = 0; i < layerCount; i++) {
      scale[i] = edge[i] * 0x1p-53;
      inside[i] = static_cast<std::int64_t>(edge[i + 1] / edge[i] * 0x1p53);
    }
  }

  double draw(Xoshiro256& random) const {
    const std::uint64_t bits = random.next();
    const int layer = static_cast<int>(bits & (layerCount - 1));
    const std::int64_t signedBits = static_cast<std::int64_t>(bits) >> 10;
    const double x = static_cast<double>(signedBits) * scale[layer];
    if (std::abs(signedBits) < inside[layer]) [[likely]] return x;
    return drawAtEdge(random, layer, x);
  }

 private:
  static constexpr int layerCount = 256;
  static constexpr double tailStart = 3.6541528853610088;
  static constexpr double layerArea = 0.00492867323399;

  [[gnu::noinline]] double drawAtEdge(Xoshiro256& random, int layer, double x) const {
    if (layer == 0) {
      double beyond = 0, height = 0;
      do {
        beyond = -std::log(random.uniform()) / tailStart;
        height = -std::log(random.uniform());
      } while (2 * height < beyond * beyond);
      return std::copysign(tailStart + beyond, x);
    }
    const double upper = std::exp(-0.5 * edge[layer + 1] * edge[layer + 1]);
    const double lower = std::exp(-0.5 * edge[layer] * edge[layer]);
    if (lower + random.uniform() * (upper - lower) < std::exp(-0.5 * x * x)) return x;
    return draw(random);
  }

  std::array<double, layerCount + 1> edge;
  std::array<double, layerCount> scale;
  std::array<std::int64_t, layerCount> inside;
};

const Ziggurat gaussian;

// All month x startup rows of all replications, one buffer per column, rows in order of replication, month
// and startup.
struct Columns {
  explicit Columns(std::size_t capacity)
      : month(std::make_unique_for_overwrite<std::uint16_t[]>(capacity)),
        startup(std::make_unique_for_overwrite<std::uint8_t[]>(capacity)),
        price(std::make_unique_for_overwrite<double[]>(capacity)),
        quality(std::make_unique_for_overwrite<double[]>(capacity)),
        awareness(std::make_unique_for_overwrite<double[]>(capacity)),
        units(std::make_unique_for_overwrite<double[]>(capacity)),
        profit(std::make_unique_for_overwrite<double[]>(capacity)) {}

  std::unique_ptr<std::uint16_t[]> month;
  std::unique_ptr<std::uint8_t[]> startup;
  std::unique_ptr<double[]> price, quality, awareness, units, profit;
  std::size_t rows = 0;
};

struct Segment {
  double size, priceSensitivity, qualityWeight;
};

// The state of one replication, kept as one contiguous structure of short arrays: the compiler can then use
// vector registers for everything but the exponential.
struct Market {
  using PerStartup = std::array<double, startupCount>;

  PerStartup cost, research, advertising, price, quality, awareness, direction;
  PerStartup profit{}, lastProfit{}, cumulative{}, units{};
  std::array<PerStartup, segmentCount> customers{};
  std::array<Segment, segmentCount> segments;

  Market() {
    for (int i = 0; i < startupCount; i++) {
      cost[i] = 10 + i;
      price[i] = 30 + 2 * i;
      quality[i] = 1 + 0.1 * i;
      awareness[i] = 0.1 + 0.05 * i;
      research[i] = 0.5 + 0.05 * i;
      advertising[i] = 0.3 + 0.05 * i;
      direction[i] = 1;
    }
    for (int s = 0; s < segmentCount; s++) segments[s] = {1000.0 * (s + 1), 0.03 + 0.01 * s, 1.0 - 0.1 * s};
  }

  void decide(Xoshiro256& random, double sigma) {
    for (int i = 0; i < startupCount; i++) {
      if (profit[i] < lastProfit[i]) direction[i] = -direction[i];
      lastProfit[i] = profit[i];
      price[i] = std::clamp(price[i] * (1 + 0.02 * direction[i]), 1.05 * cost[i], 150.0);
      const double noise = sigma * gaussian.draw(random);
      quality[i] = std::max(0.05, 0.98 * quality[i] + 0.04 * research[i] + noise);
      const double gained = 0.1 * advertising[i] * (1 - awareness[i]);
      awareness[i] = std::clamp(awareness[i] + gained - 0.03 * awareness[i], 0.001, 1.0);
    }
  }

  // Three passes over the 48 pairs, because the exponentials are half of the work: alone in their loop they
  // can be taken eight at a time where the compiler is given -ffast-math -fopenmp-simd and a vector library.
  void choose() {
    std::array<PerStartup, segmentCount> attraction;
    for (int s = 0; s < segmentCount; s++) {
      const auto& [size, priceSensitivity, qualityWeight] = segments[s];
      for (int i = 0; i < startupCount; i++)
        attraction[s][i] = qualityWeight * quality[i] - priceSensitivity * price[i];
    }
    for (auto& ofSegment : attraction) {
#pragma omp simd
      for (int i = 0; i < startupCount; i++) ofSegment[i] = std::exp(ofSegment[i]);
    }
    units.fill(0);
    for (int s = 0; s < segmentCount; s++) {
      double sum = 1;
      for (int i = 0; i < startupCount; i++) sum += attraction[s][i] *= awareness[i];
      const double arrivals = 0.15 * segments[s].size / sum;
      for (int i = 0; i < startupCount; i++) {
        customers[s][i] = 0.85 * customers[s][i] + arrivals * attraction[s][i];
        units[i] += customers[s][i];
      }
    }
  }

  void settle() {
    for (int i = 0; i < startupCount; i++) {
      profit[i] = (price[i] - cost[i]) * units[i] - 100 * research[i] - 100 * advertising[i];
      cumulative[i] += profit[i];
    }
  }

  void record(Columns& columns, int month) const {
    const std::size_t row = columns.rows;
    for (int i = 0; i < startupCount; i++) {
      columns.month[row + i] = static_cast<std::uint16_t>(month);
      columns.startup[row + i] = static_cast<std::uint8_t>(i);
    }
    std::copy_n(price.data(), startupCount, &columns.price[row]);
    std::copy_n(quality.data(), startupCount, &columns.quality[row]);
    std::copy_n(awareness.data(), startupCount, &columns.awareness[row]);
    std::copy_n(units.data(), startupCount, &columns.units[row]);
    std::copy_n(profit.data(), startupCount, &columns.profit[row]);
    columns.rows += startupCount;
  }
};

struct Totals {
  double units = 0, price = 0, cumulative = 0, concentration = 0;

  void add(const Market& market) {
    double unitsSum = 0, priceSum = 0, cumulativeSum = 0, squares = 0;
    for (int i = 0; i < startupCount; i++) {
      unitsSum += market.units[i];
      priceSum += market.price[i];
      cumulativeSum += market.cumulative[i];
      squares += market.units[i] * market.units[i];
    }
    units += unitsSum;
    price += priceSum / startupCount;
    cumulative += cumulativeSum;
    concentration += squares / (unitsSum * unitsSum);
  }
};

Totals simulate(int replications, double sigma, Columns* columns) {
  Totals totals;
  for (int r = 0; r < replications; r++) {
    Xoshiro256 random(firstSeed + r);
    Market market;
    for (int month = 1; month <= monthCount; month++) {
      market.decide(random, sigma);
      market.choose();
      market.settle();
      if (columns) market.record(*columns, month);
    }
    totals.add(market);
  }
  return totals;
}

double cpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

double option(int argc, char** argv, const char* name, double fallback) {
  for (int i = 1; i + 1 < argc; i++)
    if (std::strcmp(argv[i], name) == 0) return std::atof(argv[i + 1]);
  return fallback;
}

int main(int argc, char** argv) {
  const int replications = static_cast<int>(option(argc, argv, "--replications", 1000));
  const int warmup = static_cast<int>(option(argc, argv, "--warmup", 0));
  const double sigma = option(argc, argv, "--sigma", 0.05);
  const bool recording = option(argc, argv, "--record", 0) != 0;
  if (replications < 1 || warmup < 0) {
    std::fprintf(stderr, "micro-model: --replications must be at least 1 and --warmup at least 0\n");
    return 2;
  }
  constexpr std::size_t rowsPerReplication = std::size_t{monthCount} * startupCount;
  if (warmup > 0) {
    Columns scratch(recording ? warmup * rowsPerReplication : 0);
    simulate(warmup, sigma, recording ? &scratch : nullptr);
  }

  const auto wallStart = std::chrono::steady_clock::now();
  const double cpuStart = cpuSeconds();
  std::unique_ptr<Columns> columns;
  if (recording) columns = std::make_unique<Columns>(replications * rowsPerReplication);
  const Totals totals = simulate(replications, sigma, columns.get());
  const double cpu = cpuSeconds() - cpuStart;
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - wallStart;

  // Read back from the columns, so that a recording which did not happen is seen.
  std::size_t recordedRows = 0;
  double recordedUnits = 0;
  if (columns) {
    recordedRows = columns->rows;
    for (std::size_t row = 0; row < recordedRows; row++)
      if (columns->month[row] == monthCount) recordedUnits += columns->units[row];
  }
  std::printf(
      "{\"name\":\"cpp\",\"agentSteps\":%zu,\"wallSeconds\":%.9f,\"cpuSeconds\":%.9f,"
      "\"totals\":{\"meanUnits\":%.17g,\"meanPrice\":%.17g,\"meanCum\":%.17g,\"hhiUnits\":%.17g},"
      "\"recordedRows\":%zu,\"recordedMeanUnits\":%.17g}\n",
      replications * rowsPerReplication, wall.count(), cpu, totals.units / replications,
      totals.price / replications, totals.cumulative / replications, totals.concentration / replications,
      recordedRows, recordedUnits / replications);
}
