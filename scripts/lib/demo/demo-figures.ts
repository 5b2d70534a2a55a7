/** What one run of the demonstration measured, as its JSON has it. */
export interface DemoFigures {
  readonly calls: number;
  readonly phoneHeard: { readonly correlation: number; readonly seconds: number };
  readonly cameraPlayed: { readonly correlation: number; readonly seconds: number };
  readonly phoneSaw: {
    readonly frames: number;
    readonly width: number;
    readonly height: number;
    readonly firstPictureMs: number;
    readonly frameGaps: number;
  };
  readonly rtp: {
    readonly sent: number;
    readonly lost: number;
    readonly audioPacingP99Ms: number;
  };
  readonly agent: {
    readonly cpuPercent: number;
    readonly rssMb: number;
    readonly privateDirtyMb: number;
    readonly startToReadyMs: number;
  };
}
