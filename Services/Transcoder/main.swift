import Events
import Launch
import Messaging
import Sandbox
import Steps

workIfAsked(TranscodeStep.mode) { (job: Job, outlet: Outlet) in try job.run { try outlet.send($0) } }

await launch("transcoder", defaultPort: 8085) { boot in
    let settings = try Settings(boot.environment)
    let step = TranscodeStep(bus: boot.bus, store: boot.store, settings: settings)
    return [boot.consumer(.transcoder, [Route(StepHandler(step))], concurrency: settings.concurrency)]
}
