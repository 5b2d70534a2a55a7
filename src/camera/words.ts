import type { CameraSnapshot } from '../media';

/** What is wrong with the camera, in words; empty when all is well. */
export function cameraProblems(
  camera: CameraSnapshot,
  wanted: { readonly sound: boolean; readonly picture: boolean },
): string[] {
  switch (camera.state) {
    case 'none':
      return camera.error ? [`camera: ${camera.error}`] : [];
    case 'absent':
      return [`camera: ${camera.error || 'it does not answer'}; asking again`];
    case 'idle':
      return ['camera: it answers but encodes nothing'];
    case 'streaming':
      return [
        ...(wanted.sound && !camera.hasAudio
          ? ['camera: it sends a picture but no sound ("t app test rec av" on the RTOS adds it)']
          : []),
        ...(wanted.picture && !camera.hasVideo ? ['camera: it sends sound but no picture'] : []),
      ];
  }
}
