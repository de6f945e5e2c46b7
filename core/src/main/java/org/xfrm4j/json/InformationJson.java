package org.xfrm4j.json;

import org.xfrm4j.HashThresholds;
import org.xfrm4j.MigrateSupport;
import org.xfrm4j.SadInformation;
import org.xfrm4j.SpdInformation;

/** What a kernel can, and how full its databases are. */
final class InformationJson {
    private InformationJson() {
    }

    static void write(Json json, MigrateSupport support) {
        json.begin();
        json.put("supported", support == MigrateSupport.SUPPORTED);
        json.putName("support", support);
        json.putText("reason", support.reason());
        json.end();
    }

    static void write(Json json, SadInformation sad, SpdInformation spd) {
        json.begin();
        json.begin("sad");
        json.putUnsigned("count", sad.count());
        json.putUnsigned("buckets", sad.buckets());
        json.putUnsigned("max_buckets", sad.maxBuckets());
        json.end();
        json.begin("spd");
        json.putUnsigned("in", spd.in());
        json.putUnsigned("out", spd.out());
        json.putUnsigned("forward", spd.forward());
        json.putUnsigned("socket_in", spd.socketIn());
        json.putUnsigned("socket_out", spd.socketOut());
        json.putUnsigned("buckets", spd.buckets());
        json.putUnsigned("max_buckets", spd.maxBuckets());
        thresholds(json, "ipv4_thresholds", spd.ipv4Thresholds());
        thresholds(json, "ipv6_thresholds", spd.ipv6Thresholds());
        json.end();
        json.end();
    }

    private static void thresholds(Json json, String name, HashThresholds thresholds) {
        json.begin(name);
        json.put("local", thresholds.local());
        json.put("remote", thresholds.remote());
        json.end();
    }
}
