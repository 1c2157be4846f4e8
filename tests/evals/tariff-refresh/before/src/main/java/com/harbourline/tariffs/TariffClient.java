package com.harbourline.tariffs;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** The tariff service. */
public class TariffClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final TypeReference<Map<String, BigDecimal>> RATES = new TypeReference<>() {};

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    private final ObjectMapper json = new ObjectMapper();
    private final URI book;

    public TariffClient(URI book) {
        this.book = book;
    }

    /** The newest book: route and container type → rate. */
    public Map<String, BigDecimal> download() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(book).timeout(TIMEOUT).GET().build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException("The tariff service answered " + response.statusCode() + " for " + book);
        }
        return json.readValue(response.body(), RATES);
    }
}
