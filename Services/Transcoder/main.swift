import Events
import Launch
import MediaSteps
import Messaging
import Sandbox
import Steps

workIfAsked(TranscodeStep.mode) { (job: Job, outlet: Outlet) in try job.run { try outlet.send($0) } }

await launch("transcoder", defaultPort: 8085) { boot in
    let settings = try Settings(boot.environment)
    let originals = LocalOriginals(store: boot.store, settings: settings.media)
    originals.sweep()
    let step = TranscodeStep(bus: boot.bus, originals: originals, settings: settings)
    return [boot.consumer(.transcoder, [Route(TranscodeHandler(step))], concurrency: settings.concurrency)]
}
