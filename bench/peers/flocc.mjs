/**
 * Owns the micro-model "8x6x120" written for flocc (https://flocc.network, ISC licence): startups and
 * segments are agents, one `environment.tick()` is one month. The package is looked up in the
 * ignored folder of peers.
 *
 *   npm install --no-save --prefix bench/.peers flocc agentscript
 */

import { createRequire } from 'node:module'

import { gaussian, seedGaussian } from './gaussian.mjs'
import { monthCount, runPeer, segments, startups } from './run-peer.mjs'

const requireFromPeers = createRequire(new URL('../.peers/index.js', import.meta.url))
const { Agent, Environment, utils } = requireFromPeers('flocc')

/** One month: the startups decide, then every segment chooses (agents tick in order), then profits follow. */
class Market extends Environment {
  constructor(sigma) {
    super({ torus: false })
    this.startups = startups.map((founding, index) => {
      const startup = new Agent({
        ...founding,
        index,
        sigma,
        direction: 1,
        profit: 0,
        lastProfit: 0,
        cumulative: 0,
        units: 0,
        tick: decide,
      })
      this.addAgent(startup)
      return startup
    })
    for (const segment of segments) {
      const customers = Array.from(startups, () => 0)
      this.addAgent(new Agent({ ...segment, startups: this.startups, customers, tick: choose }))
    }
  }

  tick(options) {
    super.tick({ randomizeOrder: false, ...options })
    for (const startup of this.startups) settle(startup)
  }
}

runPeer('flocc', (seed, sigma, columns) => {
  seedGaussian(seed)
  const market = new Market(sigma)
  for (let month = 1; month <= monthCount; month++) {
    market.tick()
    if (columns !== null) record(market, month, columns)
  }
  return {
    units: market.startups.map((startup) => startup.get('units')),
    price: market.startups.map((startup) => startup.get('price')),
    cumulative: market.startups.map((startup) => startup.get('cumulative')),
  }
})

function decide(startup) {
  const profit = startup.get('profit')
  let direction = startup.get('direction')
  if (profit < startup.get('lastProfit')) direction = -direction
  const price = startup.get('price') * (1 + 0.02 * direction)
  const noise = startup.get('sigma') * gaussian()
  const quality = 0.98 * startup.get('quality') + 0.04 * startup.get('research') + noise
  const awareness = startup.get('awareness')
  const gained = 0.1 * startup.get('advertising') * (1 - awareness)
  startup.set('direction', direction)
  startup.set('lastProfit', profit)
  startup.set('price', utils.clamp(price, 1.05 * startup.get('cost'), 150))
  startup.set('quality', Math.max(0.05, quality))
  startup.set('awareness', utils.clamp(awareness + gained - 0.03 * awareness, 0.001, 1))
  startup.set('units', 0)
}

function choose(segment) {
  const rivals = segment.get('startups')
  const customers = segment.get('customers')
  const priceSensitivity = segment.get('priceSensitivity')
  const qualityWeight = segment.get('qualityWeight')
  const attraction = []
  let sum = 1
  for (let i = 0; i < rivals.length; i++) {
    const startup = rivals[i]
    const utility = qualityWeight * startup.get('quality') - priceSensitivity * startup.get('price')
    attraction[i] = startup.get('awareness') * Math.exp(utility)
    sum += attraction[i]
  }
  const arrivals = (0.15 * segment.get('size')) / sum
  for (let i = 0; i < rivals.length; i++) {
    customers[i] = 0.85 * customers[i] + arrivals * attraction[i]
    rivals[i].increment('units', customers[i])
  }
}

function settle(startup) {
  const margin = startup.get('price') - startup.get('cost')
  const spending = 100 * startup.get('research') + 100 * startup.get('advertising')
  const profit = margin * startup.get('units') - spending
  startup.set('profit', profit)
  startup.increment('cumulative', profit)
}

function record(market, month, columns) {
  for (const startup of market.startups)
    columns.push(
      month,
      startup.get('index'),
      startup.get('price'),
      startup.get('quality'),
      startup.get('awareness'),
      startup.get('units'),
      startup.get('profit'),
    )
}
