/**
 * Owns the micro-model "8x6x120" written by hand over typed arrays: what a JavaScript programmer writes for
 * speed without an engine. The arrays are made once and filled anew for each replication.
 */

import { gaussian, seedGaussian } from './gaussian.mjs'
import { monthCount, runPeer, segmentCount, segments, startupCount, startups } from './run-peer.mjs'

const cost = Float64Array.from(startups, (startup) => startup.cost)
const research = Float64Array.from(startups, (startup) => startup.research)
const advertising = Float64Array.from(startups, (startup) => startup.advertising)
const foundingPrice = Float64Array.from(startups, (startup) => startup.price)
const foundingQuality = Float64Array.from(startups, (startup) => startup.quality)
const foundingAwareness = Float64Array.from(startups, (startup) => startup.awareness)
const size = Float64Array.from(segments, (segment) => segment.size)
const priceSensitivity = Float64Array.from(segments, (segment) => segment.priceSensitivity)
const qualityWeight = Float64Array.from(segments, (segment) => segment.qualityWeight)

const price = new Float64Array(startupCount)
const quality = new Float64Array(startupCount)
const awareness = new Float64Array(startupCount)
const direction = new Float64Array(startupCount)
const profit = new Float64Array(startupCount)
const lastProfit = new Float64Array(startupCount)
const cumulative = new Float64Array(startupCount)
const units = new Float64Array(startupCount)
const attraction = new Float64Array(startupCount)
const customers = new Float64Array(segmentCount * startupCount)

runPeer('typed-arrays', (seed, sigma, columns) => {
  found(seed)
  for (let month = 1; month <= monthCount; month++) {
    decide(sigma)
    choose()
    settle()
    if (columns !== null) record(columns, month)
  }
  return { units, price, cumulative }
})

function found(seed) {
  seedGaussian(seed)
  price.set(foundingPrice)
  quality.set(foundingQuality)
  awareness.set(foundingAwareness)
  direction.fill(1)
  profit.fill(0)
  lastProfit.fill(0)
  cumulative.fill(0)
  customers.fill(0)
}

function decide(sigma) {
  for (let i = 0; i < startupCount; i++) {
    if (profit[i] < lastProfit[i]) direction[i] = -direction[i]
    lastProfit[i] = profit[i]
    price[i] = clamp(price[i] * (1 + 0.02 * direction[i]), 1.05 * cost[i], 150)
    const improved = 0.98 * quality[i] + 0.04 * research[i] + sigma * gaussian()
    quality[i] = improved > 0.05 ? improved : 0.05
    const known = awareness[i]
    awareness[i] = clamp(known + 0.1 * advertising[i] * (1 - known) - 0.03 * known, 0.001, 1)
  }
}

function choose() {
  units.fill(0)
  for (let s = 0; s < segmentCount; s++) {
    const alpha = priceSensitivity[s]
    const beta = qualityWeight[s]
    let sum = 1
    for (let i = 0; i < startupCount; i++) {
      const pull = awareness[i] * Math.exp(beta * quality[i] - alpha * price[i])
      attraction[i] = pull
      sum += pull
    }
    const arrivals = (0.15 * size[s]) / sum
    const row = s * startupCount
    for (let i = 0; i < startupCount; i++) {
      const served = 0.85 * customers[row + i] + arrivals * attraction[i]
      customers[row + i] = served
      units[i] += served
    }
  }
}

function settle() {
  for (let i = 0; i < startupCount; i++) {
    profit[i] = (price[i] - cost[i]) * units[i] - 100 * research[i] - 100 * advertising[i]
    cumulative[i] += profit[i]
  }
}

function record(columns, month) {
  for (let i = 0; i < startupCount; i++)
    columns.push(month, i, price[i], quality[i], awareness[i], units[i], profit[i])
}

function clamp(value, low, high) {
  return value < low ? low : value > high ? high : value
}
