/**
 * Owns the random numbers of the hand-written JavaScript peers: xoshiro128++ of Blackman and Vigna and a
 * ziggurat over it. The state lives in four module variables, because V8 keeps 32-bit integers there unboxed.
 */

const layerCount = 128
const tailStart = 3.442619855899
const layerArea = 9.91256303526217e-3

const edges = new Float64Array(layerCount + 1)
const scales = new Float64Array(layerCount)
const insides = new Int32Array(layerCount)
fillLayers()

let state0 = 0
let state1 = 0
let state2 = 0
let state3 = 0

/** Starts the stream of one replication: the same seed gives the same draws. */
export function seedGaussian(seed) {
  state0 = mix(seed)
  state1 = mix(seed + 0x9e3779b9)
  state2 = mix(seed + 0x3c6ef372)
  state3 = mix(seed + 0xdaa66d2b)
}

/**
 * One draw of the standard normal distribution, by the ziggurat of Marsaglia and Tsang (2000), 128 layers.
 * The layer takes the low 7 bits of a word and the abscissa the 25 others, which is Doornik's cure (2005) for
 * the correlation of the original.
 */
export function gaussian() {
  for (;;) {
    const bits = nextBits()
    const layer = bits & (layerCount - 1)
    const signedBits = bits >> 7
    const x = signedBits * scales[layer]
    if ((signedBits < 0 ? -signedBits : signedBits) < insides[layer]) return x
    if (layer === 0) return signedBits < 0 ? -drawTail() : drawTail()
    const upper = Math.exp(-0.5 * edges[layer + 1] * edges[layer + 1])
    const lower = Math.exp(-0.5 * edges[layer] * edges[layer])
    if (lower + uniform() * (upper - lower) < Math.exp(-0.5 * x * x)) return x
  }
}

/** One draw, uniform in (0, 1), neither end reached. */
function uniform() {
  return ((nextBits() >>> 0) + 0.5) * 2 ** -32
}

function nextBits() {
  const sum = (state0 + state3) | 0
  const result = (((sum << 7) | (sum >>> 25)) + state0) | 0
  const shifted = state1 << 9
  state2 ^= state0
  state3 ^= state1
  state1 ^= state2
  state0 ^= state3
  state2 ^= shifted
  state3 = (state3 << 11) | (state3 >>> 21)
  return result
}

function drawTail() {
  for (;;) {
    const beyond = -Math.log(uniform()) / tailStart
    const height = -Math.log(uniform())
    if (2 * height >= beyond * beyond) return tailStart + beyond
  }
}

/** The 32-bit finaliser of MurmurHash3: neighbouring seeds give unlike states. */
function mix(word) {
  let mixed = word | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

function fillLayers() {
  edges[0] = layerArea / Math.exp(-0.5 * tailStart * tailStart)
  edges[1] = tailStart
  for (let layer = 2; layer < layerCount; layer++) {
    const below = edges[layer - 1]
    edges[layer] = Math.sqrt(-2 * Math.log(layerArea / below + Math.exp(-0.5 * below * below)))
  }
  edges[layerCount] = 0
  for (let layer = 0; layer < layerCount; layer++) {
    scales[layer] = edges[layer] * 2 ** -24
    insides[layer] = Math.floor((edges[layer + 1] / edges[layer]) * 2 ** 24)
  }
}
