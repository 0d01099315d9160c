/**
 * What can go wrong with a GPU, as errors that the laboratory can tell apart: none there, one that rejected
 * our work, one that went away. Only the last can be cured, by opening a new device.
 */

/** No usable WebGPU adapter: the page falls back to the CPU and says why. */
export class WebGPUUnavailableError extends Error {
  override readonly name = 'WebGPUUnavailableError';
}

/** The GPU rejected a command or ran out of memory. Results since then are not to be trusted. */
export class GpuFaultError extends Error {
  override readonly name = 'GpuFaultError';
}

/** The device is gone (driver reset, GPU process crash). Open a new one and go on from a checkpoint. */
export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';
  /** The browser's reason; 'destroyed' means that we closed the device ourselves. */
  readonly reason: GPUDeviceLostReason;

  constructor(info: Pick<GPUDeviceLostInfo, 'reason' | 'message'>) {
    super(
      info.reason === 'destroyed'
        ? 'The GPU device was closed.'
        : `The GPU device was lost (${info.message || 'no reason given'}). Open a new device and continue from the last checkpoint.`,
    );
    this.reason = info.reason;
  }
}
