/**
 * Owns the micro-model "8x6x120" written for AgentScript (https://agentscript.org): segments are patches,
 * startups are turtles, one `model.step()` is one month. AgentScript is under GPL-3.0 and therefore never a
 * dependency of this project: it is looked up in the ignored folder of peers, where whoever measures put it.
 *
 *   npm install --no-save --prefix bench/.peers flocc agentscript
 */

import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

import { gaussian, seedGaussian } from './gaussian.mjs'
import { monthCount, runPeer, segments, startups } from './run-peer.mjs'

const requireFromPeers = createRequire(new URL('../.peers/index.js', import.meta.url))
// The bundle asks for a drawing context as soon as it is loaded, and draws nothing here.
globalThis.OffscreenCanvas ??= class {
  getContext() {
    return {}
  }
}
const { Model, util } = await import(pathToFileURL(requireFromPeers.resolve('agentscript')).href)

/** A world of one row of patches, one patch for each segment. */
const worldOptions = { minX: 0, maxX: segments.length - 1, minY: 0, maxY: 0, minZ: 0, maxZ: 0 }

class Market extends Model {
  constructor(sigma) {
    super({ ...worldOptions })
    this.sigma = sigma
  }

  setup() {
    this.patches.ask((segment, s) => {
      Object.assign(segment, segments[s])
      segment.customers = Array.from(startups, () => 0)
      segment.attraction = Array.from(startups, () => 0)
    })
    this.turtles.create(startups.length, (startup) => {
      Object.assign(startup, startups[startup.id])
      startup.direction = 1
      startup.profit = 0
      startup.lastProfit = 0
      startup.cumulative = 0
      startup.units = 0
    })
  }

  step() {
    this.turtles.ask((startup) => this.decide(startup))
    this.patches.ask((segment) => this.choose(segment))
    this.turtles.ask((startup) => this.settle(startup))
  }

  decide(startup) {
    if (startup.profit < startup.lastProfit) startup.direction = -startup.direction
    startup.lastProfit = startup.profit
    startup.price = util.clamp(startup.price * (1 + 0.02 * startup.direction), 1.05 * startup.cost, 150)
    const improved = 0.98 * startup.quality + 0.04 * startup.research + this.sigma * gaussian()
    startup.quality = Math.max(0.05, improved)
    const known = startup.awareness
    const gained = 0.1 * startup.advertising * (1 - known)
    startup.awareness = util.clamp(known + gained - 0.03 * known, 0.001, 1)
    startup.units = 0
  }

  choose(segment) {
    const { customers, attraction, priceSensitivity, qualityWeight } = segment
    let sum = 1
    this.turtles.ask((startup, i) => {
      const utility = qualityWeight * startup.quality - priceSensitivity * startup.price
      attraction[i] = startup.awareness * Math.exp(utility)
      sum += attraction[i]
    })
    const arrivals = (0.15 * segment.size) / sum
    this.turtles.ask((startup, i) => {
      customers[i] = 0.85 * customers[i] + arrivals * attraction[i]
      startup.units += customers[i]
    })
  }

  settle(startup) {
    const spending = 100 * startup.research + 100 * startup.advertising
    startup.profit = (startup.price - startup.cost) * startup.units - spending
    startup.cumulative += startup.profit
  }
}

runPeer('agentscript', (seed, sigma, columns) => {
  seedGaussian(seed)
  const market = new Market(sigma)
  market.setup()
  for (let month = 1; month <= monthCount; month++) {
    market.step()
    if (columns !== null) record(market, month, columns)
  }
  return {
    units: market.turtles.props('units'),
    price: market.turtles.props('price'),
    cumulative: market.turtles.props('cumulative'),
  }
})

function record(market, month, columns) {
  market.turtles.ask((startup) =>
    columns.push(
      month,
      startup.id,
      startup.price,
      startup.quality,
      startup.awareness,
      startup.units,
      startup.profit,
    ),
  )
}
